package dev.heddle.site;

import java.util.List;
import java.util.Locale;

/**
 * A bar chart of the first measure of a figure: a bar for each side, as long as its ratio to the floor, on a scale of
 * logarithms where the longest is more than eight times the shortest.
 */
final class FigureChart {

    private static final int WIDTH = 720;
    private static final int LEFT = 250;
    private static final int RIGHT = 90;
    private static final int TOP = 48;
    private static final int STEP = 24;
    private static final int BAR = 16;
    private static final double SPREAD = 8;

    private FigureChart() {}

    /**
     * The SVG, light or dark as the reader's screen is.
     *
     * @param name of the benchmark
     * @param rows of one measure, in the order of the table, each with a ratio
     */
    static String svg(String name, List<Figure.Line> rows) {
        int height = TOP + rows.size() * STEP + 12;
        double max = rows.stream().mapToDouble(Figure.Line::times).max().orElse(1);
        double min = rows.stream().mapToDouble(Figure.Line::times).min().orElse(1);
        boolean logarithms = max > SPREAD * min;
        double from = logarithms ? Math.log(min) - 0.3 : 0;
        double to = logarithms ? Math.log(Math.max(max, 1)) : Math.max(max, 1);
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                """
                        <svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" aria-labelledby="%3$s-title">
                        <title id="%3$s-title">%4$s</title>
                        <style>
                        .picture { --ink: var(--text, #1d1f21); --faint: var(--soft, #5c6166); --bar: var(--line, #c9cdd2); --ours: var(--link, #0b57a4);
                          font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
                        @media (prefers-color-scheme: dark) { .picture { --ink: var(--text, #dde0e3); --faint: var(--soft, #9aa0a6);
                          --bar: var(--line, #4a4f55); --ours: var(--link, #7ab4f0); } }
                        .picture text { fill: var(--faint); } .picture .heading { fill: var(--ink); font-size: 14px; font-weight: 600; }
                        .picture .ours { fill: var(--ours); } .picture .bar { fill: var(--bar); } .picture .end { text-anchor: end; }
                        .picture .floor { stroke: var(--faint); stroke-dasharray: 4 3; }
                        </style>
                        <text class="heading" x="8" y="18">%5$s</text>
                        <text x="8" y="36">%6$s</text>
                        """,
                WIDTH, height, name, escaped(title(name, rows)), escaped(name), escaped(rows.getFirst().measure()
                        + ", times the first" + (logarithms ? ", on a scale of logarithms" : ""))));
        for (int i = 0; i < rows.size(); i++) {
            text.append(bar(rows.get(i), TOP + i * STEP, at(rows.get(i).times(), from, to, logarithms)));
        }
        double floor = at(1, from, to, logarithms);
        text.append(String.format(Locale.ROOT,
                "<line class=\"floor\" x1=\"%1$.0f\" x2=\"%1$.0f\" y1=\"%2$d\" y2=\"%3$d\"/>%n",
                LEFT + floor, TOP - 4, height - 8));
        return text.append("</svg>\n").toString();
    }

    private static double at(double ratio, double from, double to, boolean logarithms) {
        double value = logarithms ? Math.log(ratio) : ratio;
        return Math.max(1, (value - from) / (to - from) * (WIDTH - LEFT - RIGHT));
    }

    private static String bar(Figure.Line row, int y, double length) {
        return String.format(Locale.ROOT,
                """
                        <text class="end" x="%d" y="%d">%s</text><rect class="%s" x="%d" y="%d" width="%.0f" height="%d"/><text x="%.0f" y="%d">%s</text>
                        """,
                LEFT - 8, y + 13, escaped(row.side()), row.ours() ? "ours" : "bar", LEFT, y, length, BAR,
                LEFT + length + 6, y + 13, escaped(row.ratio() + " (" + row.median() + ")"));
    }

    /** For who cannot see it. */
    private static String title(String name, List<Figure.Line> rows) {
        var text = new StringBuilder(name + ", " + rows.getFirst().measure() + ": ");
        for (Figure.Line row : rows) {
            text.append(text.charAt(text.length() - 2) == ':' ? "" : ", ").append(row.side()).append(' ')
                    .append(row.ratio());
        }
        return text.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
