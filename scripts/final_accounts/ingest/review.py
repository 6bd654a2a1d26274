def write_review(result, folder):
    return folder
