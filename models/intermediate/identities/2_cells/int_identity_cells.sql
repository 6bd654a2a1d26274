-- one row per amount cell that identities can take part of, as int_cell_values, from the ledger that a release stores
{#- A release has no int_report_cells, and the drill-down from an identity to its cells is a view there, too. #}
with

cell_values as (

    {{ identity_cell_values(ref('fct_report_cells')) }}

)

select * from cell_values
