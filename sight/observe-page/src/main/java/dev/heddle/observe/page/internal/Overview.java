package dev.heddle.observe.page.internal;

import dev.heddle.Heddle;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.server.EventStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The last ten minutes of a program, a round each second: the program as a whole, its loops and latencies. A page that
 * is loaded again, or a second one, gets them all.
 *
 * <p>Memory: about 1.5 KB a round and 800 bytes more for each loop.
 *
 * <p>Threads: any.
 */
public final class Overview {

    /** How many rounds are kept. */
    static final int ROUNDS = 600;

    /** The name of the event that says why there are no rounds at the moment; empty when there are again. */
    static final String PROBLEM = "problem";

    /** How long the loops are looked at, and the program after them: a second in all. */
    private static final Map<String, String> LOOPS = Map.of("over", "900");

    private static final Map<String, String> PROGRAM = Map.of("over", "100");

    /** The shares of loops come before the rows, of which none is needed. */
    private static final Map<String, String> TOP = Map.of("rows", "1", "by", "name");

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** From one look of a page for what is new to the next. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final long WANTED_NANOS = TimeUnit.SECONDS.toNanos(ROUNDS);

    private final PageSource source;
    private final boolean onDemand;

    // Guarded by this.
    private final Deque<String> rounds = new ArrayDeque<>();
    private long count;
    private String problem = "";
    private long wantedUntil;
    private boolean watched;

    /**
     * What has come since.
     *
     * @param count how many rounds there were up to now
     */
    private record News(long count, List<String> rounds, String problem) {}

    private Overview(PageSource source, boolean onDemand) {
        this.source = source;
        this.onDemand = onDemand;
    }

    /** One that is kept by {@link #watch}. */
    public Overview(PageSource source) {
        this(source, false);
    }

    /** One that is kept by a daemon thread, from the first page on until ten minutes after the last one. */
    public static Overview whileLookedAt(PageSource source) {
        return new Overview(source, true);
    }

    /**
     * Looks at the program until cancelled; one that is stopped or has ended is looked at again and again.
     *
     * @param told is told what is the matter with it, once for each matter
     */
    public void watch(Consumer<String> told) {
        String before = "";
        while (true) {
            String now = Heddle.offload(this::look);
            if (!now.isEmpty()) {
                if (!now.equals(before)) {
                    told.accept(now);
                }
                Heddle.sleep(RETRY);
            }
            before = now;
        }
    }

    /** Looks once, for a second; gives what is the matter, or nothing. */
    private String look() {
        String round = null;
        String matter = "";
        try {
            round = round();
        } catch (ProgramUnansweredException e) {
            matter = String.valueOf(e.getMessage());
        }
        return add(round, matter);
    }

    /** Gives what is the matter: as it was told first, though figures in its later lines have changed. */
    private synchronized String add(@Nullable String round, String matter) {
        if (!firstLine(matter).equals(firstLine(problem))) {
            problem = matter;
        }
        if (round != null) {
            if (rounds.size() == ROUNDS) {
                rounds.removeFirst();
            }
            rounds.addLast(round);
            count++;
        }
        return problem;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private String round() {
        long time = System.currentTimeMillis();
        // A program of another version may not tell these; what else is the matter the questions behind them find out.
        String requests = lines("requests", Map.of(), line -> true, false);
        String shares = lines("top", TOP, line -> line.startsWith("{\"kind\":\"share\""), false);
        String loops = lines("loops", LOOPS, line -> true, true);
        String program = lines("program", PROGRAM, line -> true, true);
        return "{\"time\":" + time + ",\"program\":" + program + ",\"loops\":" + loops + ",\"requests\":" + requests
                + ",\"shares\":" + shares + "}";
    }

    /** Lines of an answer as a list of JSON. */
    private String lines(String verb, Map<String, String> arguments, Predicate<String> wanted, boolean needed) {
        var lines = new StringJoiner(",", "[", "]");
        try (PageSource.Answer answer = source.ask(verb, arguments)) {
            for (String line = answer.next(); line != null; line = answer.next()) {
                if (wanted.test(line)) {
                    lines.add(line);
                }
            }
        } catch (ProgramUnansweredException e) {
            if (needed) {
                throw e;
            }
        }
        return lines.toString();
    }

    // ---- pages ----

    /** Sends what is kept and what comes, until the page has gone. A task of any loop. */
    void writeTo(EventStream events) {
        News news = since(0);
        events.send(String.join("\n", news.rounds));
        events.send(event(news.problem));
        while (true) {
            Heddle.sleep(LOOK);
            News more = since(news.count);
            more.rounds.forEach(events::send);
            if (!more.problem.equals(news.problem)) {
                events.send(event(more.problem));
            }
            news = more;
        }
    }

    private static ServerSentEvent event(String problem) {
        return ServerSentEvent.of(problem).withName(PROBLEM);
    }

    private synchronized News since(long seen) {
        wantedUntil = System.nanoTime() + WANTED_NANOS;
        if (onDemand && !watched) {
            watched = true;
            Thread.ofPlatform().daemon().name("heddle-page").start(this::watchWhileWanted);
        }
        return new News(count, rounds.stream().skip(Math.max(0, rounds.size() - (count - seen))).toList(), problem);
    }

    private void watchWhileWanted() {
        try {
            while (isWanted()) {
                if (!look().isEmpty()) {
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException e) {
            // Nobody should; the next page begins anew.
        } finally {
            end();
        }
    }

    private synchronized boolean isWanted() {
        return System.nanoTime() - wantedUntil < 0;
    }

    /** What was kept is from a time that nobody asks for. */
    private synchronized void end() {
        watched = false;
        rounds.clear();
    }
}
