package dev.heddle.cli.runs;

import dev.heddle.cli.command.Format;
import java.util.List;
import java.util.Locale;

/** A histogram of a run's times, on the same scale as those of the other runs. */
final class SpreadChart {

    private static final int WIDTH = 420;
    private static final int HEIGHT = 150;
    private static final int LEFT = 8;
    private static final int TOP = 8;
    private static final int BOTTOM = 24;
    private static final int BARS = 80;

    private SpreadChart() {}

    /**
     * @param all the runs that have times, this one among them
     */
    static String svg(LoadRun run, List<LoadRun> all, String colour) {
        TimeScale times = TimeScale.of(all);
        double tallest = all.stream().mapToDouble(other -> tallest(other, times)).max().orElse(1);
        double[] shares = shares(run, times);
        double width = (double) (WIDTH - 2 * LEFT) / BARS;
        var svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"How the times are spread\">%n", WIDTH, HEIGHT));
        for (int i = 0; i < BARS; i++) {
            if (shares[i] > 0) {
                // What is there is seen, however little it is.
                double height = Math.max(1, shares[i] / tallest * (HEIGHT - TOP - BOTTOM));
                svg.append(String.format(Locale.ROOT,
                        "<rect fill=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>to %s: %.2f %%</title></rect>%n",
                        colour, LEFT + i * width, HEIGHT - BOTTOM - height, width - 0.6, height,
                        Format.shortTime((long) times.nanosAt((i + 1.0) / BARS)), shares[i] * 100));
            }
        }
        svg.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n", LEFT,
                WIDTH - LEFT, HEIGHT - BOTTOM, HEIGHT - BOTTOM));
        double before = -WIDTH;
        for (long mark : times.marks()) {
            double x = LEFT + times.at(mark) * (WIDTH - 2 * LEFT);
            // As many as have room.
            if (x - before >= 56 && x >= 20 && x <= WIDTH - 20) {
                svg.append(String.format(Locale.ROOT, "<text class=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>%n", x,
                        HEIGHT - BOTTOM + 16, Format.roundTime(mark)));
                before = x;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static double tallest(LoadRun run, TimeScale times) {
        double tallest = 0;
        for (double share : shares(run, times)) {
            tallest = Math.max(tallest, share);
        }
        return tallest;
    }

    private static double[] shares(LoadRun run, TimeScale times) {
        double[] shares = new double[BARS];
        run.times().forEachPart(
                (nanos, count) -> shares[Math.min(BARS - 1, (int) (times.at(nanos) * BARS))] += (double) count
                        / run.times().count());
        return shares;
    }
}
