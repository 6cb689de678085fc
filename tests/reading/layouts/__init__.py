"""Exports of accounting packages used in France, rebuilt with invented rows: what each looks like, and what must come out.

A module a family of packages. Above each layout stand the address that its columns are known from and, by hand, the sums that
are expected. "After" means that the columns are documented and the rows and their order are ours; "not seen" that no
documentation shows the export itself, and it follows what is said of it.
"""

from tests.reading.layouts import cegid, cloud, invoices, laid_down, odoo, pme, printed, refused, sage, sage_flat

LAYOUTS = tuple(
    one for module in (sage, sage_flat, cegid, pme, cloud, odoo, invoices, printed, laid_down) for one in module.LAYOUTS
)
REFUSED = refused.REFUSED
