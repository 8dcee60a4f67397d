package dev.heddle.observe.internal;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tasks of three kinds whose runs the program counts, and what the view of the tasks' time tells of them. */
final class CountedKinds implements LongFunction<String> {

    private static final int TASKS = 60;
    private static final List<String> KINDS = List.of("bake", "carry", "wash");
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Pattern ROW = Pattern.compile(
            "\\{\"kind\":\"row\",\"type\":\"task\",\"name\":\"(\\w+) #\",\"tasks\":(\\d+),\"waiting\":(\\d+),.*?\"runs\":(\\d+),.*");

    private final TopView view = new TopView();

    /** What a kind has: tasks that have not ended, and all of which wait; and their runs, with those of the ended. */
    private record Counts(long tasks, long waiting, long runs) {

        Counts plus(Counts other) {
            return new Counts(tasks + other.tasks, waiting + other.waiting, runs + other.runs);
        }
    }

    /** What differs from the ledger, in words that every class loader knows; else nothing. */
    @Override
    public String apply(long seed) {
        var random = new Random(seed);
        Map<String, Counts> ledger = new TreeMap<>();
        List<Task<?>> ends = new ArrayList<>();
        String name = "counted-" + System.nanoTime();
        try (Loop loop = Loop.start(Config.DEFAULT.withName(name))) {
            while (!asked().contains("\"share\",\"name\":\"" + name)) {
                Thread.sleep(20); // a loop is watched from the next round on
            }
            List<CountDownLatch> waits = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                String kind = KINDS.get(random.nextInt(KINDS.size()));
                int sleeps = random.nextInt(5);
                boolean stays = random.nextBoolean();
                ledger.merge(kind, new Counts(stays ? 1 : 0, stays ? 1 : 0, 1 + sleeps), Counts::plus);
                var waiting = new CountDownLatch(1);
                Task<Void> task = loop.spawn(kind + " " + i, () -> {
                    for (int n = 0; n < sleeps; n++) {
                        Heddle.sleep(Duration.ofMillis(1));
                    }
                    waiting.countDown();
                    if (stays) {
                        Heddle.sleep(Duration.ofDays(1));
                    }
                });
                if (stays) {
                    waits.add(waiting);
                } else {
                    ends.add(task);
                }
            }
            for (CountDownLatch each : waits) {
                each.await();
            }
            ends.forEach(Task::join);
            return differs(ledger);
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The reader is a moment behind the loop. */
    private String differs(Map<String, Counts> ledger) throws IOException, InterruptedException {
        Map<String, Counts> told = told();
        for (long start = System.nanoTime(); !told.equals(ledger)
                && System.nanoTime() - start < PATIENCE_NANOS; told = told()) {
            Thread.sleep(20);
        }
        return told.equals(ledger) ? "" : "the view tells " + told + ", the ledger " + ledger;
    }

    private Map<String, Counts> told() throws IOException {
        Map<String, Counts> told = new TreeMap<>();
        asked().lines().map(ROW::matcher).filter(Matcher::matches)
                .filter(row -> KINDS.contains(row.group(1)))
                .forEach(row -> told.put(row.group(1), new Counts(
                        Long.parseLong(row.group(2)), Long.parseLong(row.group(3)), Long.parseLong(row.group(4)))));
        return told;
    }

    private String asked() throws IOException {
        var bytes = new ByteArrayOutputStream();
        view.write(ViewRequest.parse("top by=name"), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
