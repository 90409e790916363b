"""Makes the program's fonts: tabular figures by default (egui selects no font features), and only what it shows.

python3 bake.py INTER_FOLDER JETBRAINS_MONO_FOLDER   (needs fonttools; Debian: fonts-inter, fonts-jetbrains-mono)
"""
import pathlib, sys
from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x17F), (0x1C0, 0x24F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2000, 0x206F),
          (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x25A0, 0x25FF), (0x2713, 0x2717)]


def bake(source, target, tabular):
    font = TTFont(source)
    if tabular:
        lookups = {i for f in font["GSUB"].table.FeatureList.FeatureRecord if f.FeatureTag == "tnum" for i in f.Feature.LookupListIndex}
        swap = {}
        for i in lookups:
            for table in font["GSUB"].table.LookupList.Lookup[i].SubTable:
                swap.update(getattr(getattr(table, "ExtSubTable", table), "mapping", {}))
        for table in font["cmap"].tables:
            if table.isUnicode():
                for code, glyph in list(table.cmap.items()):
                    table.cmap[code] = swap.get(glyph, glyph)
        # SemiBold's tabular four is a hair narrower than the rest: figures in a column must not shift at all.
        figures = [font.getBestCmap()[code] for code in range(ord("0"), ord("9") + 1)]
        widest = max(font["hmtx"][figure][0] for figure in figures)
        for figure in figures:
            font["hmtx"][figure] = (widest, font["hmtx"][figure][1])
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[u for a, b in RANGES for u in range(a, b + 1)])
    cutter.subset(font)
    font.save(target)


here, inter, mono = pathlib.Path(__file__).parent, *map(pathlib.Path, sys.argv[1:3])
bake(inter / "Inter-Regular.otf", here / "Inter-Regular.otf", True)
bake(inter / "Inter-SemiBold.otf", here / "Inter-SemiBold.otf", True)
bake(next(mono.glob("JetBrainsMono-Regular.*")), here / "JetBrainsMono-Regular.ttf", False)
