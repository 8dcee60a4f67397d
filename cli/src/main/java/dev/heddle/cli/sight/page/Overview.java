package dev.heddle.cli.sight.page;

import dev.heddle.Heddle;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.JsonText;
import dev.heddle.cli.sight.Answer;
import dev.heddle.cli.sight.Line;
import dev.heddle.cli.sight.Program;
import dev.heddle.http.ServerSentEvent;
import dev.heddle.http.server.EventStream;
import dev.heddle.sync.Broadcast;
import dev.heddle.sync.Overflow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/**
 * The last ten minutes of a program, a round each second: the program as a whole and its loops. A page that is loaded
 * again, or a second one, gets them all.
 *
 * <p>Memory: about 1.5 KB a round and 300 bytes more for each loop.
 *
 * <p>Threads: tasks of one loop.
 */
final class Overview {

    /** How many rounds are kept. */
    static final int ROUNDS = 600;

    /** The name of the event that says why there are no rounds at the moment; empty when there are again. */
    static final String PROBLEM = "problem";

    /** How long the loops are looked at, and the program after them: a second in all. */
    private static final Map<String, String> LOOPS = Map.of("over", "900");

    /** By name there are fewer rows that nobody reads; the shares of loops come before them. */
    private static final Map<String, String> TOP = Map.of("rows", "1", "by", "name");

    private static final Map<String, String> PROGRAM = Map.of("over", "100");

    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Rounds that a page may lag behind. */
    private static final int MAX_LAG = 100;

    private final Program program;
    private final ArrayDeque<String> rounds = new ArrayDeque<>();
    private final Broadcast<ServerSentEvent> news = Broadcast.create();
    private String problem = "";

    Overview(Program program) {
        this.program = program;
    }

    /**
     * Looks at the program until cancelled; one that is stopped or has ended is looked at again and again.
     *
     * @param told is told what is the matter with it, once for each matter
     */
    void watch(Consumer<String> told) {
        while (true) {
            try {
                add(Heddle.offload(this::round));
            } catch (FailureException e) {
                String message = String.valueOf(e.getMessage());
                if (!message.equals(problem)) {
                    told.accept(message);
                    set(message);
                }
                Heddle.sleep(RETRY);
            }
        }
    }

    private void add(String round) {
        if (!problem.isEmpty()) {
            set("");
        }
        if (rounds.size() == ROUNDS) {
            rounds.removeFirst();
        }
        rounds.addLast(round);
        news.send(ServerSentEvent.of(round));
    }

    private void set(String message) {
        problem = message;
        news.send(event(message));
    }

    private static ServerSentEvent event(String problem) {
        return ServerSentEvent.of(problem).withName(PROBLEM);
    }

    private String round() {
        long time = System.currentTimeMillis();
        String latencies = latencies();
        var loops = new StringJoiner(",", "[", "]");
        try (Answer answer = program.ask("loops", LOOPS)) {
            for (Line line = answer.next(); line != null; line = answer.next()) {
                loops.add(answer.json());
            }
        }
        try (Answer answer = program.ask("program", PROGRAM)) {
            if (answer.next() != null) {
                return "{\"time\":" + time + ",\"program\":" + answer.json() + ",\"loops\":" + loops + latencies + "}";
            }
        }
        throw new FailureException(program + " does not say what it is");
    }

    /**
     * How long requests took, and how long at most a task of each loop waited for its turn. A program of another version
     * may not tell it.
     */
    private String latencies() {
        var text = new StringBuilder();
        try (Answer answer = program.ask("requests", Map.of())) {
            if (answer.next() != null) {
                text.append(",\"requests\":").append(answer.json());
            }
        } catch (FailureException e) {
            // Whatever is the matter with it, the questions that follow find out.
        }
        var delays = new StringBuilder();
        try (Answer answer = program.ask("top", TOP)) {
            for (Line line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("share")) {
                    delays.append(delays.isEmpty() ? "" : ",");
                    JsonText.string(delays, line.text("name"));
                    delays.append(':').append(line.number("worst1"));
                }
            }
        } catch (FailureException e) {
            // As above.
        }
        return text.append(",\"delays\":{").append(delays).append('}').toString();
    }

    /** Sends what is kept and what comes, until the page has gone. */
    void writeTo(EventStream events) {
        try (var live = news.subscribe(MAX_LAG, Overflow.DROP_OLDEST)) {
            events.send(String.join("\n", rounds));
            events.send(event(problem));
            for (ServerSentEvent event : live) {
                events.send(event);
            }
        }
    }
}
