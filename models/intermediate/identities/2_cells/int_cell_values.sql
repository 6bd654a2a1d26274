-- one row per amount cell that identities can take part of, by number: of the ten tables, of the year before and of the project forms
with

cell_values as (

    {{ identity_cell_values(ref('int_report_cells')) }}

)

select * from cell_values
