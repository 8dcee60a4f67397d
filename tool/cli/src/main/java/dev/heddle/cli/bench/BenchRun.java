package dev.heddle.cli.bench;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.shield;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.DurationText;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.ProgressLine;
import dev.heddle.cli.command.RequestOptions;
import dev.heddle.cli.command.Screen;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of {@code heddle bench}: a load on each loop, first to warm up, then to measure, and one report of all.
 *
 * <p>Threads: {@link #toEnd()} is called by the program's main thread. Each loop counts for itself; the counts are
 * added up when all have ended.
 */
final class BenchRun {

    private final BenchOptions options;
    private final CommandStreams stdio;
    private final Screen screen;
    private List<BenchTally> tallies = List.of();
    private long elapsedNanos;
    private boolean measuring;

    BenchRun(BenchOptions options, CommandStreams stdio) {
        this.options = options;
        this.stdio = stdio;
        this.screen = new Screen(stdio, () -> {});
    }

    /** Loads the server and prints the report. Gives the exit code. */
    int toEnd() {
        if (options.request().insecure()) {
            stdio.tell("heddle bench: " + RequestOptions.INSECURE_WARNING);
        }
        int exit = Exit.FINE;
        try {
            Heddle.run(CommandLoops.CONFIG.withLoops(options.loops()), this::measure);
        } catch (CancelledException e) {
            exit = Exit.of(e);
        }
        var total = new BenchTally();
        tallies.forEach(total::addAll);
        if (!measuring && exit != Exit.FINE) {
            stdio.tell("heddle bench: interrupted while it warmed up; this is what it has\n");
        }
        var report = new BenchReport(options, total, elapsedNanos, exit != Exit.FINE);
        screen.print(options.json() ? report.json() : report.text());
        screen.close();
        if (screen.lostOutput("heddle bench: cannot write the report")) {
            return Exit.NOT_ALL;
        }
        return exit != Exit.FINE ? exit : total.isFine() ? Exit.FINE : Exit.NOT_ALL;
    }

    private void measure() throws IOException {
        // The bound counts for each loop; an idle connection is the server's to close.
        ClientLimits limits = ClientLimits.DEFAULT
                .withMaxConnections(options.connections())
                .withMaxConnectionsPerHost(options.connections());
        ClientTimeouts timeouts = ClientTimeouts.DEFAULT
                .withTotal(options.timeout())
                .withConnect(options.timeout())
                .withRead(options.timeout())
                .withIdle(DurationText.MAX);
        try (HttpClient http = options.request().byDefaultHttp1().client()
                .limits(limits)
                .timeouts(timeouts)
                .followRedirects(false)
                .decodeBodies(false)
                .build()) {
            showProgress();
            if (!options.warmup().isZero()) {
                phase(http, options.warmup(), Long.MAX_VALUE);
            }
            boolean answered = tallies.isEmpty() || tallies.stream().anyMatch(tally -> tally.replies() > 0);
            if (answered) {
                measuring = true;
                phase(http, options.duration() == null ? DurationText.MAX : options.duration(), options.requests());
            }
        }
    }

    /** A load on each loop, all over the same time. */
    private void phase(HttpClient http, Duration time, long requests) throws IOException {
        List<Loop> loops = currentLoop().siblings();
        List<BenchTally> counts = new ArrayList<>();
        List<Task<Void>> tasks = new ArrayList<>();
        long start = currentLoop().nanoTime();
        for (int i = 0; i < loops.size(); i++) {
            counts.add(new BenchTally());
        }
        tallies = counts;
        try {
            for (int i = 0; i < loops.size(); i++) {
                int number = i;
                tasks.add(loops.get(i).spawn(() -> load(http, number, time, requests, counts.get(number))));
            }
            tasks.forEach(Task::join);
        } finally {
            tasks.forEach(Task::cancel);
            shield(() -> tasks.forEach(Task::awaitOutcome));
            elapsedNanos = currentLoop().nanoTime() - start;
        }
    }

    private void load(HttpClient http, int loop, Duration time, long requests, BenchTally tally) {
        long start = currentLoop().nanoTime();
        long end = start + time.toNanos();
        int loops = options.loops();
        long share = requests == Long.MAX_VALUE ? requests : requests / loops + (loop < requests % loops ? 1 : 0);
        int connections = options.connections() / loops + (loop < options.connections() % loops ? 1 : 0);
        LoadSchedule pace = options.rate() == 0
                ? new LoadSchedule.Closed(end, share)
                : new LoadSchedule.Fixed(start, end, options.rate(), loop, loops, requests);
        new Load(connections, pace, end, tally).run(() -> shot(http));
    }

    private LoadRequest shot(HttpClient http) {
        try {
            return new BenchShot(options.request().request(http, options.url()));
        } catch (IOException e) {
            throw new IllegalStateException("the body is in memory", e);
        }
    }

    private void showProgress() {
        long start = currentLoop().nanoTime();
        screen.keepBar(stdio.terminal(), columns -> {
            long done = tallies.stream().mapToLong(BenchTally::done).sum();
            String time = HumanFormat.time(currentLoop().nanoTime() - start);
            return ProgressLine.cut(time + "  " + HumanFormat.count(done, "request"), columns);
        });
    }
}
