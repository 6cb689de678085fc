"""Cut the letters' fonts out of Liberation Sans 2: fewer signs, no hints, another name (as its licence asks).

    python tools/cut_fonts.py FOLDER        the folder that holds LiberationSans-Regular.ttf and its three sisters

Needs fontTools. Small fonts make small letters, quickly: reportlab copies hinting programs into every file.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "dunning_batch" / "data" / "fonts"
FAMILY = "Dunning Sans"
FACES = {
    "Regular": ("LiberationSans-Regular.ttf", "regular.ttf"),
    "Bold": ("LiberationSans-Bold.ttf", "bold.ttf"),
    "Italic": ("LiberationSans-Italic.ttf", "italic.ttf"),
    "Bold Italic": ("LiberationSans-BoldItalic.ttf", "bolditalic.ttf"),
}
# Latin with its extensions, combining marks, Greek, Cyrillic, Vietnamese, punctuation, currencies, letterlike signs.
RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0259, 0x0259), (0x02B9, 0x02DD), (0x0300, 0x0345), (0x0370, 0x03FF),
    (0x0400, 0x052F), (0x1E00, 0x1EFF), (0x2000, 0x200A), (0x2010, 0x2027), (0x202F, 0x205F), (0x2070, 0x209C),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x2195), (0x2200, 0x2265), (0xFB00, 0xFB04),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Cut the four faces."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    for style, (source, target) in FACES.items():
        cut(Path(arguments[0]) / source, TARGET / target, style)
    return 0


def cut(source: Path, target: Path, style: str) -> None:
    """One face, without what a PDF does not use."""
    options = subset.Options(
        hinting=False, layout_features=[], glyph_names=False, notdef_outline=True, name_IDs=[0, *range(1, 7), 13, 14]
    )
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern", "DSIG", "FFTM", "gasp"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    for number, text in names(style).items():
        for record in [one for one in font["name"].names if one.nameID == number]:
            record.string = text
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} signs, {target.stat().st_size} bytes")


def names(style: str) -> dict[int, str]:
    """The names of a face: none of those that the licence reserves."""
    return {
        1: FAMILY, 2: style, 3: f"{FAMILY} {style}, cut from version 2.1.5", 4: f"{FAMILY} {style}",
        6: f"{FAMILY} {style}".replace(" ", "").replace("Sans", "Sans-", 1),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
