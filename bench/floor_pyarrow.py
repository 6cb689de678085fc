"""The floor for `status`: pyarrow streams a FEC as text and keeps the lines on 411.

python bench/floor_pyarrow.py many.txt
"""

import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv


def main() -> None:
    """Print how many lines stand on 411."""
    path = sys.argv[1]
    with open(path, "rb") as file:  # noqa: PTH123
        names = file.readline().decode().strip().split("|")
    reader = pa_csv.open_csv(
        path,
        read_options=pa_csv.ReadOptions(encoding="iso8859-15"),
        parse_options=pa_csv.ParseOptions(delimiter="|", quote_char=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    kept = [batch.filter(pc.starts_with(batch.column("CompteNum"), "411")) for batch in reader]
    print(sum(batch.num_rows for batch in kept))


if __name__ == "__main__":
    main()
