package dev.heddle.cli.sight;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.JsonText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * The list of running programs, each with what it tells of itself, and of those that do not answer and of the children
 * of pools without a loop what can be seen from outside.
 *
 * <p>Threads: one, and while programs are asked some more.
 */
final class ProgramList {

    /** The main class of children of pools. */
    private static final String WORKER = "dev.heddle.process.WorkerMain";

    /** How long the busy share is measured. */
    static final Map<String, String> OVER = Map.of("over", "250");

    /** How long a program may take for a line about itself: one that hangs keeps the others from being shown so long. */
    private static final long PATIENCE_MILLIS = 3_000;

    private final List<Row> rows;

    private ProgramList(List<Row> rows) {
        this.rows = rows;
    }

    /**
     * A program.
     *
     * @param line as the program tells it; with a {@code problem} if it did not
     * @param json the line as text
     */
    record Row(AnswerLine line, String json) {

        long pid() {
            return line.number("pid");
        }

        /** The owner of the pool that it belongs to; 0 if it belongs to none. */
        long parent() {
            return line.number("parent");
        }

        /** What the program does not tell since it cannot. */
        boolean hasProblem() {
            return line.has("problem");
        }

        /** The name of its user. */
        String user() {
            return ProcessFacts.of(pid()).map(ProcessFacts::user).orElse("-");
        }
    }

    /** Asks all programs at the same time: each takes a while, and one that hangs a long one. */
    static ProgramList ask(List<Program> programs) throws Exception {
        return ask(programs, PATIENCE_MILLIS);
    }

    /** @param patienceMillis how long each may take, and so all */
    static ProgramList ask(List<Program> programs, long patienceMillis) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            List<Future<Optional<Row>>> asked = programs.stream()
                    .map(program -> threads.submit(() -> ask(program, patienceMillis))).toList();
            for (Future<Optional<Row>> each : asked) {
                each.get().ifPresent(rows::add);
            }
        }
        Set<Long> known = rows.stream().map(Row::pid).collect(Collectors.toSet());
        for (long pid : known) {
            ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children)
                    .filter(child -> !known.contains(child.pid()) && ProcessFacts.runs(child.pid(), WORKER))
                    .forEach(child -> rows.add(worker(child, pid)));
        }
        rows.sort(Comparator.comparingLong(Row::pid));
        return new ProgramList(rows);
    }

    /** Empty if it has ended meanwhile. */
    private static Optional<Row> ask(Program program, long patienceMillis) {
        try (ProgramAnswer answer = program.ask("program", OVER, patienceMillis)) {
            return Optional.ofNullable(answer.next()).map(line -> new Row(line, answer.json()));
        } catch (FailureException e) {
            return ProcessFacts.of(program.pid()).map(facts -> problem(program.pid(), String.valueOf(e.getMessage())));
        }
    }

    private static Row problem(long pid, String problem) {
        var json = new StringBuilder("{\"kind\":\"program\",\"pid\":").append(pid);
        ProcessHandle.of(pid).flatMap(ProcessHandle::parent).filter(parent -> ProcessFacts.runs(pid, WORKER))
                .ifPresent(parent -> json.append(",\"parent\":").append(parent.pid()));
        json.append(",\"problem\":");
        JsonText.string(json, problem);
        return row(json.append('}'));
    }

    /** A child that has no loop and so tells nothing. */
    private static Row worker(ProcessHandle child, long parent) {
        long up = child.info().startInstant().map(start -> Duration.between(start, Instant.now()).toMillis())
                .orElse(0L);
        return row(new StringBuilder("{\"kind\":\"program\",\"pid\":").append(child.pid()).append(",\"main\":\"")
                .append(WORKER).append("\",\"up\":").append(up).append(",\"loops\":0,\"tasks\":0,\"parent\":")
                .append(parent).append('}'));
    }

    private static Row row(StringBuilder json) {
        return new Row(AnswerLine.parse(json.toString()), json.toString());
    }

    /** All, in the order of their numbers. */
    List<Row> rows() {
        return rows;
    }

    /** Those that stand below none that is listed. */
    List<Row> tops() {
        return rows.stream().filter(row -> rows.stream().noneMatch(other -> other.pid() == row.parent())).toList();
    }

    /** The children of a program. */
    List<Row> below(Row parent) {
        return rows.stream().filter(row -> row.parent() == parent.pid()).toList();
    }
}
