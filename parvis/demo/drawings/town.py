"""Drawings of markets, streets and tables."""

import math
from random import Random

from parvis.demo.drawings.sheet import HEIGHT, WIDTH, Ink, Sheet, around, curve


def stalls(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Market stalls with striped awnings."""
    sheet.disc(ink.bright, chance.uniform(200, 1400), 150, 90)
    sheet.bar(ink.back, 0, 760, WIDTH, HEIGHT)
    count = chance.choice((2, 3, 4))
    wide = 1500 / count - 60
    for place in range(count):
        left, top = 50 + place * (wide + 80), chance.uniform(230, 340)
        colour = (ink.main, ink.other, ink.main, ink.other)[place]
        for post in (left + 14, left + wide - 30):
            sheet.bar(ink.back, post, top + 90, post + 16, 800)
        stripes = round(wide / 62 / 2) * 2 + 1
        step = wide / stripes
        for stripe in range(stripes):
            shade, x = (ink.pale if stripe % 2 else colour), left + stripe * step
            sheet.shape(shade, (x + 16, top), (x + step + 2, top), (x + step, top + 120), (x, top + 120))
            sheet.disc(shade, x + step / 2, top + 120, step / 2, to_angle=180)
        sheet.bar(ink.pale, left, 610, left + wide, 800)
        sheet.bar(colour, left, 650, left + wide, 676)
        heaps = max(2, round(wide / 130))
        for heap in range(heaps):
            x, fruit = left + wide * (heap + 0.5) / heaps, chance.choice((ink.main, ink.other, ink.bright))
            for level, row in enumerate((3, 2, 1)):
                for one in range(row):
                    sheet.disc(fruit, x + (one - (row - 1) / 2) * 44, 588 - level * 38, 23)


def quilt(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A quilt of coloured squares, some of them hearts."""
    size = 200
    hearts = set(chance.sample(range(40), 6))
    for cell in range(40):
        x, y = cell % 8 * size, cell // 8 * size - 50
        cloth, thread = chance.sample((ink.ground, ink.back, ink.main, ink.other, ink.pale), 2)
        sheet.bar(cloth, x, y, x + size, y + size)
        if cell in hearts:
            for side in (-1, 1):
                sheet.disc(ink.bright, x + 100 + side * 34, y + 80, 44)
            sheet.shape(ink.bright, (x + 27, y + 100), (x + 173, y + 100), (x + 100, y + 172))
            continue
        match chance.randrange(5):
            case 0:
                sheet.shape(thread, (x, y), (x + size, y), (x, y + size))
            case 1:
                sheet.disc(thread, x, y, size, to_angle=90)
            case 2:
                sheet.shape(thread, (x + 100, y), (x + size, y + 100), (x + 100, y + size), (x, y + 100))
            case 3:
                for stripe in (20, 100):
                    sheet.bar(thread, x, y + stripe, x + size, y + stripe + 50)
            case _:
                sheet.disc(thread, x + 100, y + 100, 62)


def cups(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Cups on a round table, seen from above."""
    sheet.disc(ink.back, 800, 450, 620)
    sheet.disc(ink.pale, 800, 450, 590)
    spots = list(around(800, 450, 330, chance.choice((5, 6, 7)), start=chance.uniform(0, 60)))
    for turn, (x, y) in enumerate(spots):
        cup = (ink.main, ink.other, ink.bright)[turn % 3]
        sheet.disc(ink.ground, x, y, 128)
        sheet.disc(cup, x, y, 92)
        angle = chance.uniform(0, math.tau)
        sheet.line(
            cup,
            30,
            (x + 70 * math.cos(angle), y + 70 * math.sin(angle)),
            (x + 116 * math.cos(angle), y + 116 * math.sin(angle)),
        )
        sheet.disc(ink.pale, x, y, 76)
        sheet.disc(ink.other if cup == ink.main else ink.main, x, y, 66)
        sheet.line(ink.pale, 9, *curve((x - 26, y + 20), (x + chance.uniform(-30, 30), y - 20), (x + 26, y + 10), 12))
    sheet.disc(ink.other, 800, 450, 110)
    for cake in around(800, 450, 58, 5, start=chance.uniform(0, 70)):
        sheet.disc(ink.bright, *cake, 30)


def table(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A long table laid for many, seen from above."""
    for check in range(0, WIDTH, 200):
        sheet.bar(ink.back, check, 0, check + 100, HEIGHT)
    sheet.bar(ink.pale, -10, 150, WIDTH + 10, 750)
    for x in range(130, WIDTH, 268):
        for y, look in ((250, -1), (650, 1)):
            sheet.disc(ink.main if chance.random() < 0.5 else ink.other, x, y, 86)
            sheet.disc(ink.pale, x, y, 66)
            food = chance.choice((ink.bright, ink.other, ink.back, ""))
            if food:
                sheet.disc(food, x + chance.uniform(-12, 12), y + chance.uniform(-12, 12), chance.uniform(28, 50))
            sheet.bar(ink.main, x + 100, y - 60, x + 110, y + 60, corner=5)
            sheet.bar(ink.main, x - 112, y - 60, x - 100, y + 60, corner=5)
            sheet.disc(ink.back, x + look * 74, y - look * 112, 28)
    middle = [250, 530, 800, 1070, 1350]
    chance.shuffle(middle)
    pot, loaf, salad, jug, fruit = middle
    sheet.disc(ink.main, pot, 450, 104)
    sheet.bar(ink.main, pot - 140, 434, pot + 140, 466, corner=14)
    sheet.disc(ink.bright, pot, 450, 80)
    sheet.oval(ink.other, loaf, 450, 250, 92, tilt=chance.uniform(-20, 20))
    for cut in (-60, 0, 60):
        sheet.line(ink.pale, 10, (loaf + cut - 16, 470), (loaf + cut + 16, 430))
    sheet.disc(ink.back, salad, 450, 92)
    for leaf in around(salad, 450, 44, 6, start=chance.uniform(0, 60)):
        sheet.disc(ink.main, *leaf, 30)
    sheet.disc(ink.other, jug, 450, 56)
    sheet.disc(ink.ground, jug, 450, 38)
    for one in around(fruit, 450, 42, 5):
        sheet.disc(ink.bright, *one, 34)


def bunting(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """Strings of flags above roofs."""
    x = -40.0
    while x < WIDTH:
        wide, top = chance.uniform(150, 260), chance.uniform(610, 720)
        wall = chance.choice((ink.back, ink.main, ink.other))
        sheet.bar(wall, x, top, x + wide + 2, HEIGHT)
        sheet.shape(wall, (x - 12, top + 2), (x + wide / 2, top - chance.uniform(60, 120)), (x + wide + 12, top + 2))
        for window in range(2):
            left = x + wide * (0.2 + 0.36 * window)
            sheet.bar(chance.choice((ink.bright, ink.pale)), left, top + 60, left + wide * 0.22, top + 130)
        x += wide
    for string in range(3):
        y, sag = 40 + string * 150, chance.uniform(120, 240)
        wire = curve((-30, y + chance.uniform(-30, 60)), (chance.uniform(600, 1000), y + sag), (WIDTH + 30, y), 96)
        sheet.line(ink.pale, 7, *wire)
        for place in range(2 + string, 92, 6):
            (x1, y1), (x2, y2) = wire[place], wire[place + 4]
            colour = chance.choice((ink.main, ink.other, ink.bright, ink.pale))
            sheet.shape(colour, (x1, y1), (x2, y2), ((x1 + x2) / 2, max(y1, y2) + 92))


def plan(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A plan of streets, with a river, a park and pins."""
    blocks = (ink.back, ink.back, ink.back, ink.pale, ink.main)
    y = -30.0
    while y < HEIGHT:
        high = chance.uniform(110, 220)
        x = chance.uniform(-160, -20)
        while x < WIDTH:
            wide = chance.uniform(130, 320)
            sheet.bar(chance.choice(blocks), x, y, x + wide, y + high, corner=10)
            if chance.random() < 0.3:
                sheet.bar(ink.ground, x + wide * 0.3, y + high * 0.3, x + wide * 0.7, y + high * 0.7, corner=8)
            x += wide + 26
        y += high + 26
    flow = curve(
        (-40, chance.uniform(100, 800)),
        (chance.uniform(400, 1200), chance.uniform(0, 900)),
        (WIDTH + 40, chance.uniform(200, 700)),
        60,
    )
    sheet.line(ink.ground, 116, *flow)
    sheet.line(ink.pale, 84, *flow)
    park = (chance.uniform(250, 1350), chance.uniform(200, 700))
    sheet.disc(ink.ground, *park, 150)
    for tree in (*around(*park, 92, 7), park):
        sheet.disc(ink.main, *tree, 34)
    for pin in range(chance.choice((3, 4))):
        x, y = 260 + pin * 360 + chance.uniform(-80, 80), chance.uniform(240, 700)
        sheet.shape(ink.bright, (x - 58, y - 96), (x + 58, y - 96), (x, y + 20))
        sheet.disc(ink.bright, x, y - 120, 68)
        sheet.disc(ink.pale, x, y - 120, 30)


def roofline(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """A row of houses, a lit window in each."""
    sheet.disc(ink.back, chance.uniform(300, 1300), 260, 170)
    x, turn = -30.0, chance.randrange(3)
    while x < WIDTH:
        wide, top = chance.uniform(210, 300), chance.uniform(360, 560)
        wall = (ink.main, ink.pale, ink.other)[turn % 3]
        roof = (ink.other, ink.main, ink.back)[turn % 3]
        sheet.bar(roof, x + wide * 0.66, top - 170, x + wide * 0.66 + 40, top)
        sheet.shape(roof, (x - 8, top + 2), (x + wide / 2, top - 170), (x + wide + 8, top + 2))
        sheet.bar(wall, x, top, x + wide, HEIGHT)
        lit = chance.randrange(6)
        for window in range(6):
            left, y = x + wide * (0.16 + 0.4 * (window % 2)), top + 50 + window // 2 * 140
            glass = ink.bright if window == lit else ink.ground
            sheet.bar(glass, left, y, left + wide * 0.27, y + 90)
            sheet.bar(wall, left + wide * 0.125, y, left + wide * 0.145, y + 90)
        x, turn = x + wide, turn + 1
    sheet.bar(ink.back, 0, 850, WIDTH, HEIGHT)


def arch(sheet: Sheet, ink: Ink, chance: Random) -> None:
    """An old bridge and its reflection."""
    sheet.disc(ink.bright, chance.uniform(500, 1100), 150, 100)
    sheet.wave(ink.back, 420, 50, 1500, shift=chance.uniform(0, 1500))
    count = chance.choice((3, 4, 5))
    span, top = WIDTH / count, chance.uniform(300, 360)
    sheet.bar(ink.main, 0, top, WIDTH, 660)
    sheet.bar(ink.pale, 0, top - 34, WIDTH, top + 6)
    for bay in range(count):
        x, radius = (bay + 0.5) * span, span * 0.38
        spring = max(top + radius + 50, 520)
        sheet.dome(ink.other, x, spring, radius + 30)
        sheet.dome(ink.ground, x, spring, radius)
        sheet.bar(ink.ground, x - radius, spring, x + radius, 660)
        sheet.bar(ink.back, x - radius, 590, x + radius, 660)
    sheet.bar(ink.other, 0, 655, WIDTH, HEIGHT)
    for bay in range(count):
        sheet.disc(ink.back, (bay + 0.5) * span, 655, span * 0.38, to_angle=180)
    for ripple in range(9):
        y, x = 690 + ripple * 23, chance.uniform(0, 1300)
        sheet.line(ink.pale, 7, (x, y), (x + chance.uniform(120, 300), y))
    tower = chance.choice((200, 1300))
    sheet.bar(ink.main, tower, 130, tower + 130, top)
    sheet.shape(ink.other, (tower - 20, 130), (tower + 65, 20), (tower + 150, 130))
    sheet.bar(ink.ground, tower + 50, 170, tower + 80, 230, corner=14)
