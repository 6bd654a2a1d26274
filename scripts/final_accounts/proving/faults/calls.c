/*
 * Preloaded into a program, counts what it does to files, and lets one of these calls fail, or kills the program before it.
 *
 * FAULTS_ROOTS    folders, separated by colons: calls on what lies in them count
 * FAULTS_WITHIN   parts of paths, separated by colons: calls on those are counted apart, as the second kind
 * FAULTS_CONTROL  a file with the struct below, shared by all processes and by whoever steers them
 * FAULTS_LOG      a file that takes a line for each call, while `armed` is 2
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct control {
    int64_t armed;    /* 0: calls pass; 1: they count; 2: they are logged, too */
    int64_t kind;     /* whose n-th call is hit: 0 or 1 */
    int64_t at;       /* n; 0: none */
    int64_t kills;    /* whether it is killed instead of failing */
    int64_t steers;   /* the process that steers, whose own calls do not count */
    int64_t count[2]; /* calls of each kind until now */
};

static struct control *control;
static int log_file = -1;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAULTS_CONTROL");
    int file = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *place = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    name = getenv("FAULTS_LOG");
    if (name) log_file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (place != MAP_FAILED) control = place;
}

static int is_among(const char *path, const char *variable, int at_start) {
    const char *part = getenv(variable);
    while (part && *part) {
        size_t length = strcspn(part, ":");
        char text[PATH_MAX];
        snprintf(text, sizeof text, "%.*s", (int)length, part);
        const char *found = strstr(path, text);
        if (length && found && (!at_start || found == path)) return 1;
        part += length + (part[length] == ':');
    }
    return 0;
}

static void absolute(int folder, const char *path, char *found) {
    char link[64], start[PATH_MAX] = "";
    if (path && path[0] == '/') {
        snprintf(found, PATH_MAX, "%s", path);
        return;
    }
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, start, sizeof start - 1);
    start[length < 0 ? 0 : length] = 0;
    if (path && *path) snprintf(found, PATH_MAX, "%.2000s/%.2000s", start, path);
    else snprintf(found, PATH_MAX, "%s", start);
}

/* Whether the call is the one to fail; kills the program if it is the one to be killed before. */
static int hit(const char *call, int folder, const char *path, int error) {
    if (!control || !control->armed || control->steers == getpid()) return 0;
    int before = errno;
    char found[PATH_MAX];
    absolute(folder, path, found);
    errno = before;
    if (!is_among(found, "FAULTS_ROOTS", 1)) return 0;
    int kind = is_among(found, "FAULTS_WITHIN", 0);
    int64_t number = __atomic_add_fetch(&control->count[kind], 1, __ATOMIC_SEQ_CST);
    if (control->armed == 2 && log_file >= 0) dprintf(log_file, "%d %s %s\n", kind, call, found);
    errno = before;
    if (control->kind != kind || control->at != number) return 0;
    if (control->kills) kill(getpid(), SIGKILL);
    errno = error;
    return 1;
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))
#define AT_PATH(type, name, declared, given, folder, path, error)             \
    type name declared {                                                      \
        if (hit(#name, folder, path, error)) return -1;                       \
        return REAL(name) given;                                              \
    }
#define OPENS(name, declared, given, folder)                                  \
    int name declared {                                                       \
        va_list more;                                                         \
        va_start(more, flags);                                                \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                         \
        if (hit(#name, folder, path, flags & O_CREAT ? ENOSPC : EIO)) return -1; \
        return REAL(name) given;                                              \
    }

OPENS(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPENS(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), folder)
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), folder)
AT_PATH(ssize_t, write, (int file, const void *data, size_t size), (file, data, size), file, "", ENOSPC)
AT_PATH(ssize_t, pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at), file, "", ENOSPC)
AT_PATH(ssize_t, pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at), file, "", ENOSPC)
AT_PATH(ssize_t, writev, (int file, const struct iovec *parts, int count), (file, parts, count), file, "", ENOSPC)
AT_PATH(ssize_t, sendfile, (int file, int from, off_t *at, size_t size), (file, from, at, size), file, "", ENOSPC)
AT_PATH(ssize_t, sendfile64, (int file, int from, off64_t *at, size_t size), (file, from, at, size), file, "", ENOSPC)
AT_PATH(int, rename, (const char *from, const char *to), (from, to), AT_FDCWD, to, EIO)
AT_PATH(int, renameat, (int folder, const char *from, int other, const char *to), (folder, from, other, to), other, to, EIO)
AT_PATH(int, link, (const char *from, const char *to), (from, to), AT_FDCWD, to, ENOSPC)
AT_PATH(int, linkat, (int folder, const char *from, int other, const char *to, int flags), (folder, from, other, to, flags), other, to, ENOSPC)
AT_PATH(int, symlink, (const char *from, const char *to), (from, to), AT_FDCWD, to, ENOSPC)
AT_PATH(int, symlinkat, (const char *from, int folder, const char *to), (from, folder, to), folder, to, ENOSPC)
AT_PATH(int, unlink, (const char *path), (path), AT_FDCWD, path, EIO)
AT_PATH(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags), folder, path, EIO)
AT_PATH(int, rmdir, (const char *path), (path), AT_FDCWD, path, EIO)
AT_PATH(int, mkdir, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path, ENOSPC)
AT_PATH(int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode), folder, path, ENOSPC)
AT_PATH(int, chmod, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path, EIO)
AT_PATH(int, fchmodat, (int folder, const char *path, mode_t mode, int flags), (folder, path, mode, flags), folder, path, EIO)
AT_PATH(int, fsync, (int file), (file), file, "", EIO)
AT_PATH(int, fdatasync, (int file), (file), file, "", EIO)
AT_PATH(int, ftruncate, (int file, off_t size), (file, size), file, "", EIO)
AT_PATH(int, ftruncate64, (int file, off64_t size), (file, size), file, "", EIO)
AT_PATH(int, utimensat, (int folder, const char *path, const struct timespec times[2], int flags), (folder, path, times, flags), folder, path, EIO)
