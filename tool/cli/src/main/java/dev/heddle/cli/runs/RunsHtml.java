package dev.heddle.cli.runs;

import dev.heddle.cli.command.Format;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The page of some runs: a table beside the first of them, and pictures of their times; light or dark as the screen is. */
final class RunsHtml {

    static final String DATA_BEGIN = "<script type=\"application/json\" id=\"runs\">";

    static final String DATA_END = "</script>";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>heddle bench</title>
            <style>
            :root { color-scheme: light dark;
              --back: light-dark(#fdfdfc, #16181b); --text: light-dark(#1d1f21, #dde0e3); --soft: light-dark(#5c6166, #9aa0a6);
              --line: light-dark(#dfe1e4, #33373c); --bad: light-dark(#b3261e, #f2917f); --good: light-dark(#1a6b33, #8fcf9f);
              --plot-0: light-dark(#0b57a4, #7ab4f0); --plot-1: light-dark(#b3541e, #f0a878); --plot-2: light-dark(#1a6b33, #8fcf9f);
              --plot-3: light-dark(#8a1c7c, #d79bd0); --plot-4: light-dark(#7a6a00, #d8c95a); --plot-5: light-dark(#00737a, #6fd0d6);
              --plot-6: light-dark(#b3261e, #f2917f); --plot-7: light-dark(#5c6166, #9aa0a6); }
            body { max-width: 76rem; margin: 0 auto; padding: 1rem; background: var(--back); color: var(--text);
              font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
            h1 { font-size: 1.4rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; } p { margin: 0 0 1rem; color: var(--soft); max-width: 50rem; }
            .table { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            th, td { padding: .35rem .7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
            th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
            th { font-weight: 600; } small { display: block; color: var(--soft); } small.good { color: var(--good); } small.bad, .failed { color: var(--bad); }
            .key { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .5em; }
            svg { display: block; width: 100%; height: auto; max-width: 60rem; } svg text { fill: var(--soft); font-size: 12px; }
            svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg .grid { stroke: var(--line); } svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
            .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; } figure { margin: 0; } figcaption { font-weight: 600; overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            """;

    private static final String COLUMNS = """
            <div class="table"><table>
            <thead><tr><th>run</th><th>load</th><th>requests/s</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>longest</th><th>requests</th></tr></thead>
            <tbody>
            """;

    private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999, 1};

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** A smaller difference between two runs is told, and not praised or blamed. */
    private static final double NOTABLE = 0.05;

    private static final int COLOURS = 8;

    private RunsHtml() {}

    static String of(List<LoadRun> runs) {
        var html = new StringBuilder(HEAD);
        html.append("<h1>").append(Format.count(runs.size(), "run")).append(" of heddle bench</h1>\n");
        html.append("<p>Below each number stands what it is times that of the first run");
        html.append(
                ". Times at a fixed rate count from when a request was due, the others from when it was sent.</p>\n");
        html.append(COLUMNS);
        for (int i = 0; i < runs.size(); i++) {
            row(html, runs, i);
        }
        html.append("</tbody></table></div>\n");
        List<LoadRun> timed = runs.stream().filter(LoadRun::hasTimes).toList();
        if (!timed.isEmpty()) {
            html.append(
                    "<h2>Time by percentile</h2>\n<p>How many of the replies took no longer. Lower is better, and how far ");
            html.append("to the right a line stays low.</p>\n").append(PercentileChart.svg(runs));
            html.append("<h2>How the times are spread</h2>\n<div class=\"figures\">\n");
            for (int i = 0; i < runs.size(); i++) {
                if (runs.get(i).hasTimes()) {
                    html.append("<figure><figcaption>").append(key(i)).append(escaped(runs.get(i).name()));
                    html.append("</figcaption>\n").append(SpreadChart.svg(runs.get(i), timed, colour(i)));
                    html.append("</figure>\n");
                }
            }
            html.append("</div>\n");
        }
        html.append(DATA_BEGIN).append('\n').append(LoadRunJson.write(runs)).append(DATA_END);
        return html.append("\n</body>\n</html>\n").toString();
    }

    private static void row(StringBuilder html, List<LoadRun> runs, int number) {
        LoadRun run = runs.get(number);
        LoadRun first = runs.getFirst();
        html.append("<tr><td>").append(key(number)).append(escaped(run.name())).append("<small>");
        html.append(MINUTES.format(run.begun().atZone(ZoneId.systemDefault())));
        html.append(run.interrupted() ? ", interrupted" : "").append("</small></td><td>").append(escaped(run.url()));
        html.append("<small>").append(Format.count(run.connections(), "connection"));
        html.append(run.rate() > 0 ? ", " + Format.count(run.rate()) + " due/s" : "").append(", ");
        html.append(Format.time((long) (run.seconds() * 1e9))).append("</small></td>");
        cell(html, Math.round(run.perSecond()) < 100 ? "%.1f".formatted(run.perSecond()) : count(run.perSecond()),
                run, first, LoadRun::perSecond, true);
        for (double share : SHARES) {
            cell(html, run.hasTimes() ? Format.shortTime(run.times().percentileNanos(share)) : "-", run, first,
                    of -> of.times().percentileNanos(share), false);
        }
        html.append("<td>").append(Format.count(run.requests()));
        html.append(run.bad() > 0 ? "<small class=\"bad\">" + Format.count(run.bad()) + " failed</small>" : "");
        html.append(run.missed() > 0 ? "<small class=\"bad\">" + Format.count(run.missed()) + " missed</small>" : "");
        html.append("</td></tr>\n");
    }

    private static String count(double number) {
        return Format.count(Math.round(number));
    }

    private static void cell(
            StringBuilder html, String text, LoadRun run, LoadRun first, ToDoubleFunction<LoadRun> measure,
            boolean moreIsBetter) {
        html.append("<td>").append(text);
        double base = measure.applyAsDouble(first);
        double here = measure.applyAsDouble(run);
        if (run != first && base > 0 && here > 0) {
            double ratio = here / base;
            double better = moreIsBetter ? ratio : 1 / ratio;
            String verdict = better > 1 + NOTABLE
                    ? " class=\"good\""
                    : better < 1 / (1 + NOTABLE) ? " class=\"bad\"" : "";
            html.append("<small").append(verdict).append('>');
            html.append(String.format(Locale.ROOT, "× %.2f", ratio)).append("</small>");
        }
        html.append("</td>");
    }

    private static String key(int number) {
        return "<span class=\"key\" style=\"background: " + colour(number) + "\"></span>";
    }

    static String colour(int number) {
        return "var(--plot-" + number % COLOURS + ")";
    }

    /** Lines of the same colour differ in their dashes. */
    static String dashes(int number) {
        int round = number / COLOURS;
        return round == 0 ? "" : " stroke-dasharray=\"" + (round * 3 + 3) + " " + (round * 2 + 1) + "\"";
    }

    static String escaped(String text) {
        return Format.printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"",
                "&quot;");
    }
}
