package dev.heddle.site.picture;

import java.util.Locale;

/**
 * A drawing of boxes, arrows and words, as SVG.
 *
 * <p>All places are multiples of {@link #GRID}, so that edges meet. A drawing is as wide as a phone shows without
 * making the words small. What does not fit is refused: words wider than their box, or beyond the edge. Words in
 * back-ticks are code. The colours are those of the page that the drawing stands in; alone it brings its own, light or
 * dark as the reader's system is.
 */
final class Drawing {

    /** How a shape looks. */
    enum Look {
        /** A part of the whole like others. */
        PLAIN,
        /** What the reader is to look at first. */
        ACCENT,
        /** What is cut off, late or in the way. */
        WARM,
        /** What is not ours, or only sometimes there. */
        DASHED
    }

    /** The side of words that their place names. */
    enum Side {
        START,
        MIDDLE,
        END
    }

    static final int GRID = 4;

    static final int WIDTH = 360;

    /** How much larger a drawing is where there is room. */
    private static final double SCALE = 1.25;

    private static final int HEADING_SIZE = 14;
    private static final int HEADING_HEIGHT = 18;
    private static final int TEXT_SIZE = 12;
    private static final int TEXT_HEIGHT = 16;

    /** From the middle of a line of words to its base. */
    private static final int BASE = 4;

    private static final int HEAD_LENGTH = 8;
    private static final int HEAD_HALF = 4;
    private static final int BEND = 6;

    private static final String STYLE = """
            .picture {
              --ink: var(--text, #1d1f21); --faint: var(--soft, #5c6166); --rule: var(--line, #c9cdd2);
              --paper: var(--back, #fdfdfc); --plain: var(--code, #f3f4f4); --accent: var(--link, #0b57a4);
              --accent-fill: var(--mark, #e7f0fa); --warm: var(--number, #a04a00);
              font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
            }
            @media (prefers-color-scheme: dark) {
              .picture {
                --ink: var(--text, #dde0e3); --faint: var(--soft, #9aa0a6); --rule: var(--line, #4a4f55);
                --paper: var(--back, #16181b); --plain: var(--code, #1f2226); --accent: var(--link, #7ab4f0);
                --accent-fill: var(--mark, #22354a); --warm: var(--number, #e3a871);
              }
            }
            .picture .paper { fill: var(--paper); }
            .picture text { fill: var(--faint); }
            .picture .heading { fill: var(--ink); font-size: 14px; font-weight: 600; }
            .picture .middle { text-anchor: middle; }
            .picture .end { text-anchor: end; }
            .picture .code { font: .92em ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-weight: inherit; }
            .picture .box { stroke: var(--rule); fill: var(--plain); stroke-width: 1.25; }
            .picture .box.accent { stroke: var(--accent); fill: var(--accent-fill); }
            .picture .box.warm { stroke: var(--warm); fill: color-mix(in srgb, var(--warm) 11%, var(--paper)); }
            .picture .box.dashed { fill: none; stroke: var(--faint); stroke-dasharray: 4 3; }
            .picture .line { fill: none; stroke: var(--faint); stroke-width: 1.5; }
            .picture .line.accent { stroke: var(--accent); }
            .picture .line.warm { stroke: var(--warm); }
            .picture .line.dashed { stroke-dasharray: 3 3; }
            .picture .tip { fill: var(--faint); }
            .picture .tip.accent { fill: var(--accent); }
            .picture .tip.warm { fill: var(--warm); }
            .picture .step { fill: var(--accent); }
            .picture .number { fill: var(--paper); font-weight: 700; text-anchor: middle; }
            """;

    private final String name;
    private final int height;
    private final StringBuilder svg = new StringBuilder();

    /**
     * An empty drawing.
     *
     * @param name its file without the end
     * @param title what it shows, for those who cannot see it too
     * @param description what there is to see
     */
    Drawing(String name, int height, String title, String description) {
        this.name = name;
        this.height = onGrid(height);
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" viewBox="0 0 %d %d"
                 width="%.0f" height="%.0f" aria-labelledby="%s-title %s-description">
                <title id="%s-title">%s</title>
                <desc id="%s-description">%s</desc>
                <style>
                %s</style>
                """, WIDTH, height, WIDTH * SCALE, height * SCALE, name, name,
                name, escape(title), name, escape(description), STYLE));
        element("<rect class='paper' width='%d' height='%d' rx='8'/>", WIDTH, height);
    }

    String name() {
        return name;
    }

    /** The whole as a file. */
    String svg() {
        return svg + "</svg>\n";
    }

    /** A box with a heading and lines under it, all in its middle. */
    Drawing box(int x, int y, int width, int height, Look look, String... lines) {
        frame(x, y, width, height, look);
        int middle = y + (height - HEADING_HEIGHT - TEXT_HEIGHT * (lines.length - 1)) / 2 + HEADING_HEIGHT / 2;
        for (int i = 0; i < lines.length; i++) {
            boolean heading = i == 0;
            fits(lines[i], heading, width - 2 * GRID);
            text(x + width / 2, middle, heading, Side.MIDDLE, lines[i]);
            middle += heading ? (HEADING_HEIGHT + TEXT_HEIGHT) / 2 : TEXT_HEIGHT;
        }
        return this;
    }

    /** A box around other things, with a heading in its upper left corner. */
    Drawing room(int x, int y, int width, int height, Look look, String heading) {
        frame(x, y, width, height, look);
        fits(heading, true, width - 4 * GRID);
        text(x + 2 * GRID, y + 3 * GRID + 2, true, Side.START, heading);
        return this;
    }

    /** A flat box with a few small words. */
    Drawing bar(int x, int y, int width, Look look, String words) {
        frame(x, y, width, TEXT_HEIGHT, look);
        fits(words, false, width);
        text(x + width / 2, y + TEXT_HEIGHT / 2, false, Side.MIDDLE, words);
        return this;
    }

    private void frame(int x, int y, int width, int height, Look look) {
        inside(onGrid(x), onGrid(y));
        inside(x + onGrid(width), y + onGrid(height));
        element("<rect class='box%s' x='%d' y='%d' width='%d' height='%d' rx='5'/>", css(look), x, y, width, height);
    }

    /** Lines of words; the place is the middle of the first one at the side that is named. */
    Drawing words(int x, int y, Side side, String... lines) {
        return lines(x, y, side, false, lines);
    }

    /** A line of words that stands out. */
    Drawing heading(int x, int y, String words) {
        return lines(x, y, Side.START, true, words);
    }

    private Drawing lines(int x, int y, Side side, boolean heading, String... lines) {
        for (int i = 0; i < lines.length; i++) {
            double width = width(lines[i], heading);
            double from = x - (side == Side.END ? width : side == Side.MIDDLE ? width / 2 : 0);
            if (from < 0 || from + width > WIDTH) {
                throw new IllegalArgumentException(name + ": beyond the edge: " + lines[i]);
            }
            text(onGrid(x), onGrid(y) + i * TEXT_HEIGHT, heading, side, lines[i]);
        }
        return this;
    }

    /** The number of a step, in a circle. */
    Drawing step(int x, int y, int number) {
        element("<circle class='step' cx='%d' cy='%d' r='9'/>", onGrid(x), onGrid(y));
        element("<text class='number' x='%d' y='%d'>%d</text>", x, y + BASE, number);
        return this;
    }

    /** A line through places, x and y by turns, each right above, below or beside the one before. */
    Drawing line(Look look, int... places) {
        element("<path class='line%s' d='%s'/>", css(look), path(places));
        return this;
    }

    /** A line that ends in a tip. */
    Drawing arrow(Look look, int... places) {
        int[] shaft = places.clone();
        int end = places.length - 2;
        int dx = Integer.signum(places[end] - places[end - 2]);
        int dy = Integer.signum(places[end + 1] - places[end - 1]);
        shaft[end] -= dx * GRID;
        shaft[end + 1] -= dy * GRID;
        line(look, shaft);
        int x = places[end];
        int y = places[end + 1];
        int backX = x - dx * HEAD_LENGTH;
        int backY = y - dy * HEAD_LENGTH;
        element("<path class='tip%s' d='M%d %d L%d %d L%d %d Z'/>", css(look), x, y,
                backX - dy * HEAD_HALF, backY + dx * HEAD_HALF, backX + dy * HEAD_HALF, backY - dx * HEAD_HALF);
        return this;
    }

    /** The line with its corners rounded. */
    private String path(int... places) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < places.length; i += 2) {
            int x = onGrid(places[i]);
            int y = onGrid(places[i + 1]);
            inside(x, y);
            if (i == 0) {
                path.append('M').append(x).append(' ').append(y);
                continue;
            }
            int dx = Integer.signum(x - places[i - 2]);
            int dy = Integer.signum(y - places[i - 1]);
            if (dx != 0 && dy != 0) {
                throw new IllegalArgumentException(name + ": a slanted line to " + x + " " + y);
            }
            if (i + 2 == places.length) {
                path.append(" L").append(x).append(' ').append(y);
            } else {
                int nextX = Integer.signum(places[i + 2] - x);
                int nextY = Integer.signum(places[i + 3] - y);
                path.append(" L").append(x - dx * BEND).append(' ').append(y - dy * BEND);
                path.append(" Q").append(x).append(' ').append(y).append(' ');
                path.append(x + nextX * BEND).append(' ').append(y + nextY * BEND);
            }
        }
        return path.toString();
    }

    private void text(int x, int middle, boolean heading, Side side, String words) {
        String css = (heading ? "heading " : "") + (side == Side.START ? "" : side.name().toLowerCase(Locale.ROOT));
        StringBuilder html = new StringBuilder();
        boolean code = false;
        for (String part : words.split("`", -1)) {
            html.append(code ? "<tspan class=\"code\">" + escape(part) + "</tspan>" : escape(part));
            code = !code;
        }
        element("<text class='%s' x='%d' y='%d'>", css.strip(), x, middle + BASE + (heading ? 1 : 0));
        svg.setLength(svg.length() - 1);
        svg.append(html).append("</text>\n");
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a library more
    private void element(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values).replace(" class=''", "").replace('\'', '"')).append('\n');
    }

    private static String css(Look look) {
        return look == Look.PLAIN ? "" : " " + look.name().toLowerCase(Locale.ROOT);
    }

    // ---- what is refused ----

    private int onGrid(int place) {
        if (place % GRID != 0) {
            throw new IllegalArgumentException(name + ": not on the grid: " + place);
        }
        return place;
    }

    private void inside(int x, int y) {
        if (x < 0 || x > WIDTH || y < 0 || y > height) {
            throw new IllegalArgumentException(name + ": beyond the edge: " + x + " " + y);
        }
    }

    private void fits(String words, boolean heading, int width) {
        if (width(words, heading) > width) {
            throw new IllegalArgumentException(name + ": wider than its box: " + words);
        }
    }

    /** How wide words may be at most: readers have many fonts, and this is as wide as the widest that is usual. */
    private static double width(String words, boolean heading) {
        double width = words.replace("`", "").codePoints().mapToDouble(Drawing::width).sum();
        return heading ? width * HEADING_SIZE * 1.08 : width * TEXT_SIZE;
    }

    private static double width(int letter) {
        return "iljtfrI.,:;'|!() ".indexOf(letter) >= 0
                ? 0.38
                : "mwMW@→".indexOf(letter) >= 0
                        ? 0.95
                        : Character.isUpperCase(letter) ? 0.7 : 0.6;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
