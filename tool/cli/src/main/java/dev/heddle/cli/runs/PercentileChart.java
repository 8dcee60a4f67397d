package dev.heddle.cli.runs;

import dev.heddle.cli.command.Format;
import java.util.List;
import java.util.Locale;

/**
 * Times by percentile, a line a run, as Gil Tene draws them: each nine more of a share is as wide as the one before, so
 * that the few slow replies have as much room as the many quick ones.
 */
final class PercentileChart {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 10;
    private static final int BOTTOM = 30;
    private static final int STEPS = 200;

    private static final String[] MARKS = {"0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"};

    private PercentileChart() {}

    static String svg(List<LoadRun> runs) {
        TimeScale times = TimeScale.of(runs);
        long most = runs.stream().mapToLong(run -> run.times().count()).max().orElse(1);
        double nines = Math.clamp(Math.log10((double) most), 1, MARKS.length - 1.0);
        var svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Time by percentile; the table has the numbers\">%n",
                WIDTH, HEIGHT));
        for (long mark : times.marks()) {
            double y = y(times, mark);
            svg.append(String.format(Locale.ROOT,
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"end\" x=\"%d\" y=\"%.1f\">%s</text>%n",
                    LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, Format.roundTime(mark)));
        }
        for (int mark = 0; mark <= nines; mark++) {
            double x = x(mark, nines);
            svg.append(String.format(Locale.ROOT,
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text class=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
                    x, x, TOP, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, MARKS[mark]));
        }
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).hasTimes()) {
                line(svg, runs.get(i), i, times, nines);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static void line(StringBuilder svg, LoadRun run, int number, TimeScale times, double nines) {
        svg.append("<polyline stroke=\"").append(RunsHtml.colour(number)).append('"').append(RunsHtml.dashes(number));
        svg.append(" points=\"");
        // A run has no more nines than it has replies.
        double own = Math.min(nines, Math.log10((double) run.times().count()));
        for (int step = 0; step <= STEPS; step++) {
            double here = own * step / STEPS;
            double share = Math.max(1 - Math.pow(10, -here), Double.MIN_VALUE);
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(here, nines),
                    y(times, run.times().percentileNanos(share))));
        }
        svg.append("\"><title>").append(RunsHtml.escaped(run.name())).append("</title></polyline>\n");
    }

    private static double x(double here, double nines) {
        return LEFT + here / nines * (WIDTH - LEFT - RIGHT);
    }

    private static double y(TimeScale times, long nanos) {
        return HEIGHT - BOTTOM - times.at(nanos) * (HEIGHT - TOP - BOTTOM);
    }
}
