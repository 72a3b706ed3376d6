"""Eleven scenes with their own colours, each for one event."""

import math
from random import Random

from parvis.demo.drawings.sheet import (
    BRICK,
    COPPER,
    DUSK,
    HEIGHT,
    JOINT,
    LIMESTONE,
    MIST,
    OCHRE,
    PAPER,
    PATINA,
    SAND,
    SLATE,
    STRAW,
    TILE,
    WIDTH,
    Ink,
    Sheet,
)


def market(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """Three stalls with striped awnings, at nightfall."""
    sheet.fill(SLATE)
    sheet.disc(STRAW, 1330, 190, 80)
    sheet.bar(JOINT, 0, 760, WIDTH, HEIGHT)
    for left, colour, fruit in ((110, BRICK, PATINA), (590, COPPER, TILE), (1070, OCHRE, STRAW)):
        sheet.bar(DUSK, left + 20, 380, left + 36, 760)
        sheet.bar(DUSK, left + 384, 380, left + 400, 760)
        for stripe in range(6):
            x = left + stripe * 70
            sheet.shape(PAPER if stripe % 2 else colour, (x + 20, 290), (x + 76, 290), (x + 70, 420), (x, 420))
            sheet.disc(PAPER if stripe % 2 else colour, x + 35, 420, 35, to_angle=180)
        sheet.bar(SAND, left, 620, left + 420, 760)
        for crate in range(4):
            for row in range(2):
                sheet.disc(fruit, left + 60 + crate * 100 + row * 20, 604 - row * 38, 27)


def door(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """A door ajar, light on the floor, a key on the mat."""
    sheet.fill(COPPER)
    sheet.bar(SLATE, 0, 740, WIDTH, HEIGHT)
    sheet.shape(STRAW, (700, 740), (930, 740), (1250, 900), (560, 900))
    sheet.bar(PAPER, 560, 110, 1040, 740)
    sheet.bar(STRAW, 600, 150, 1000, 740)
    sheet.shape(BRICK, (600, 150), (860, 210), (860, 800), (600, 740))
    sheet.shape(TILE, (650, 230), (810, 264), (810, 430), (650, 410))
    sheet.shape(TILE, (650, 480), (810, 505), (810, 720), (650, 680))
    sheet.disc(STRAW, 828, 500, 18)
    sheet.ring(PAPER, SLATE, 330, 830, 44, 16)
    sheet.line(PAPER, 16, (370, 830), (520, 830))
    sheet.line(PAPER, 16, (490, 830), (490, 864))
    sheet.line(PAPER, 16, (520, 830), (520, 856))


def stands(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """Four music stands on a stage, four empty chairs behind them."""
    sheet.fill(BRICK)
    sheet.bar(SLATE, 0, 690, WIDTH, HEIGHT)
    sheet.shape(TILE, (0, 0), (230, 0), (120, 690), (0, 690))
    sheet.shape(TILE, (WIDTH, 0), (1370, 0), (1480, 690), (WIDTH, 690))
    for index, x in enumerate((350, 650, 950, 1250)):
        low = 760 + (20 if index in {1, 2} else 0)
        sheet.line(SAND, 12, (x, 430), (x, low))
        sheet.line(SAND, 12, (x - 60, low + 40), (x, low), (x + 60, low + 40))
        sheet.shape(PAPER, (x - 100, 330), (x, 350), (x, 480), (x - 100, 460))
        sheet.shape(LIMESTONE, (x + 100, 330), (x, 350), (x, 480), (x + 100, 460))
        for stave in range(4):
            y = 362 + stave * 24
            sheet.line(DUSK, 4, (x - 84, y), (x - 16, y + 14))
            sheet.line(DUSK, 4, (x + 16, y + 14), (x + 84, y))
        sheet.bar(STRAW, x + 90, 600, x + 190, 618)
        for leg in (x + 98, x + 182):
            sheet.line(STRAW, 10, (leg, 610), (leg, 712))
        sheet.line(STRAW, 10, (x + 182, 610), (x + 196, 480))


def nest_box(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """A nest box on a trunk, a bird at its door."""
    sheet.fill(MIST)
    sheet.bar(JOINT, 520, 0, 690, HEIGHT)
    for x, y, radius, colour in ((420, 90, 190, COPPER), (700, 30, 230, COPPER), (960, 60, 170, PATINA)):
        sheet.disc(colour, x, y, radius)
    sheet.bar(STRAW, 660, 340, 980, 720)
    sheet.shape(BRICK, (620, 350), (820, 230), (1020, 350))
    sheet.disc(SLATE, 820, 470, 56)
    sheet.line(OCHRE, 14, (820, 590), (930, 590))
    sheet.shape(SLATE, (1130, 470), (1330, 400), (1210, 520))
    sheet.disc(COPPER, 1090, 480, 76)
    sheet.disc(COPPER, 1030, 420, 48)
    sheet.disc(TILE, 1070, 508, 44)
    sheet.shape(STRAW, (940, 424), (990, 404), (990, 440))
    sheet.disc(PAPER, 1018, 408, 10)
    sheet.line(SLATE, 8, (1080, 550), (1080, 600))
    sheet.line(JOINT, 16, (980, 606), (1240, 606))


def bicycles(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """A large bicycle and a small one, side by side."""
    sheet.fill(MIST)
    sheet.bar(SAND, 0, 740, WIDTH, HEIGHT)
    for x, size, colour in ((480, 1.0, COPPER), (1180, 0.62, BRICK)):
        wheel, ground = 160 * size, 740 - 160 * size
        back, front, pedal = x - 200 * size, x + 220 * size, (x, ground + 10 * size)
        saddle, bars = (x - 70 * size, ground - 210 * size), (x + 150 * size, ground - 230 * size)
        for centre in (back, front):
            sheet.ring(SLATE, MIST, centre, ground, wheel, 18 * size)
            for spoke in range(6):
                angle = math.pi * spoke / 6
                dx, dy = wheel * 0.86 * math.cos(angle), wheel * 0.86 * math.sin(angle)
                sheet.line(SAND, 4, (centre - dx, ground - dy), (centre + dx, ground + dy))
        sheet.line(colour, 20 * size, (back, ground), saddle, pedal, (back, ground))
        sheet.line(colour, 20 * size, saddle, bars, pedal)
        sheet.line(colour, 20 * size, (front, ground), (bars[0] - 16 * size, bars[1] - 50 * size))
        sheet.line(SLATE, 18 * size, (saddle[0] - 46 * size, saddle[1] - 20), (saddle[0] + 46 * size, saddle[1] - 20))
        sheet.line(SLATE, 16 * size, (bars[0] - 30, bars[1] - 50 * size), (bars[0] + 50 * size, bars[1] - 70 * size))
        sheet.disc(STRAW, *pedal, 26 * size)


def pots(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """Bowls and jars on two shelves, the mouth of the kiln behind them."""
    sheet.fill(DUSK)
    sheet.disc(BRICK, 800, 900, 620, from_angle=180, to_angle=360)
    sheet.disc(SLATE, 800, 900, 500, from_angle=180, to_angle=360)
    sheet.disc(STRAW, 800, 900, 250, from_angle=180, to_angle=360)
    for y, row in ((440, (PATINA, TILE, LIMESTONE, STRAW)), (760, (LIMESTONE, COPPER, SAND, TILE))):
        sheet.bar(SAND, 120, y, 1480, y + 28)
        for index, colour in enumerate(row):
            x = 270 + index * 350
            if (index + y) % 2:
                sheet.disc(colour, x, y - 100, 100, to_angle=180)
                sheet.bar(colour, x - 45, y - 14, x + 45, y)
            else:
                sheet.disc(colour, x, y - 90, 90)
                sheet.bar(colour, x - 42, y - 216, x + 42, y - 150)
                sheet.bar(colour, x - 60, y - 220, x + 60, y - 200)


def clock(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """The dial of a tower clock and the wheels that turn it."""
    sheet.fill(SLATE)
    for x, y, radius, teeth, colour in (
        (360, 620, 210, 18, OCHRE),
        (1290, 330, 170, 14, JOINT),
        (1230, 720, 120, 11, BRICK),
    ):
        for tooth in range(teeth):
            angle = 2 * math.pi * tooth / teeth
            sheet.disc(colour, x + radius * math.cos(angle), y + radius * math.sin(angle), radius * 0.13)
        sheet.ring(colour, SLATE, x, y, radius, radius * 0.22)
        sheet.disc(colour, x, y, radius * 0.3)
    sheet.ring(STRAW, PAPER, 800, 450, 340, 36)
    for hour in range(12):
        angle = math.pi * hour / 6
        inner = 240 if hour % 3 == 0 else 268
        ends = [(800 + radius * math.cos(angle), 450 + radius * math.sin(angle)) for radius in (inner, 284)]
        sheet.line(SLATE, 20 if hour % 3 == 0 else 10, *ends)
    sheet.line(COPPER, 26, (800, 450), (670, 340))
    sheet.line(COPPER, 18, (800, 450), (890, 240))
    sheet.disc(BRICK, 800, 450, 30)


def night(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """A path between dark hills, the moon, a few stars."""
    sheet.fill(SLATE)
    sheet.disc(PAPER, 1180, 230, 110)
    sheet.disc(SLATE, 1230, 200, 96)
    for number in range(40):
        x, y = number * 389 % WIDTH, number * 173 % 430
        sheet.disc(STRAW if number % 4 == 0 else SAND, x, y, 3 + number % 3)
    sheet.disc(DUSK, 330, 1120, 640)
    sheet.disc(COPPER, 1240, 1240, 700)
    sheet.disc("#0C1215", 640, 1560, 860)
    sheet.shape(SAND, (560, 900), (760, 900), (700, 790), (730, 720), (716, 706), (660, 790))
    for x, y in ((590, 640), (660, 625), (720, 632)):
        sheet.disc(TILE, x, y, 20)
        sheet.shape(TILE, (x - 24, y + 84), (x, y + 10), (x + 24, y + 84))


def roofs(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """Roofs and chimneys, a saxophone player on the highest."""
    sheet.fill(TILE)
    sheet.disc(PAPER, 360, 250, 130)
    houses = (
        (0, 620, 330, SLATE),
        (300, 520, 360, BRICK),
        (630, 420, 340, COPPER),
        (940, 560, 330, DUSK),
        (1240, 480, 380, BRICK),
    )
    for left, top, width, colour in houses:
        sheet.shape(colour, (left - 20, top), (left + width / 2, top - 130), (left + width + 20, top))
        sheet.bar(LIMESTONE, left, top, left + width, HEIGHT)
        for row in range(3):
            for column in range(2):
                x, y = left + width * (0.22 + 0.36 * column), top + 60 + row * 140
                sheet.bar(STRAW if (row + column + left) % 3 == 0 else SLATE, x, y, x + 64, y + 90)
        sheet.bar(JOINT, left + width * 0.72, top - 150, left + width * 0.72 + 44, top - 50)
    sheet.disc(SLATE, 770, 156, 30)
    sheet.line(SLATE, 46, (770, 210), (774, 268))
    sheet.line(SLATE, 20, (760, 270), (746, 322))
    sheet.line(SLATE, 20, (784, 270), (806, 320))
    sheet.line(OCHRE, 14, (800, 174), (826, 196), (822, 262), (850, 272), (868, 236))
    sheet.disc(OCHRE, 868, 226, 22)


def honeycomb(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """A honeycomb, ten of its cells full, and two bees."""
    sheet.fill(LIMESTONE)
    size, full = 96, {5, 14, 17, 26, 27, 36, 38, 47, 49, 59}
    for cell in range(77):
        row, column = divmod(cell, 11)
        x, y = column * size * 1.76 - (row % 2) * size * 0.88, row * size * 1.54
        for radius, colour in ((size, STRAW), (size * 0.84, OCHRE if cell in full else PAPER)):
            angles = [math.pi * (2 * corner + 1) / 6 for corner in range(6)]
            sheet.shape(colour, *((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles))
    for x, y in ((480, 560), (1130, 210)):
        sheet.disc(MIST, x - 26, y - 64, 50)
        sheet.disc(MIST, x + 40, y - 62, 44)
        for stripe, colour in enumerate((SLATE, STRAW, SLATE, STRAW, SLATE)):
            sheet.disc(colour, x - 64 + stripe * 32, y, 44 - abs(stripe - 2) * 6)
        sheet.disc(SLATE, x + 96, y - 6, 24)


def cabins(sheet: Sheet, _ink: Ink, _chance: Random) -> None:
    """Cabins on stilts of all heights, ladders and flags."""
    sheet.fill(PATINA)
    sheet.bar(COPPER, 0, 780, WIDTH, HEIGHT)
    rows = ((130, 420, BRICK), (420, 560, SLATE), (700, 330, STRAW), (990, 500, PAPER), (1270, 390, OCHRE))
    for left, top, colour in rows:
        for post in (left + 20, left + 180):
            sheet.bar(JOINT, post, top + 160, post + 16, 780)
        sheet.bar(colour, left, top, left + 216, top + 170)
        sheet.shape(SLATE if colour != SLATE else BRICK, (left - 30, top), (left + 108, top - 110), (left + 246, top))
        sheet.bar(LIMESTONE if colour != PAPER else TILE, left + 76, top + 50, left + 140, top + 170)
        for rung in range((780 - top - 170) // 44 + 1):
            sheet.line(SAND, 10, (left + 80, top + 184 + rung * 44), (left + 136, top + 184 + rung * 44))
        sheet.line(SAND, 8, (left + 80, top + 170), (left + 80, 780))
        sheet.line(SAND, 8, (left + 136, top + 170), (left + 136, 780))
        sheet.line(SLATE, 8, (left + 108, top - 110), (left + 108, top - 190))
        sheet.shape(BRICK, (left + 112, top - 190), (left + 172, top - 168), (left + 112, top - 146))
