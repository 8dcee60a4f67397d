package dev.heddle.cluster.storm;

import dev.heddle.cluster.storm.Journal.Line;
import dev.heddle.cluster.storm.Storm.Blow;
import dev.heddle.cluster.storm.Storm.Strike;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a storm has left in the journals: numbers, and what should not be. Should not be: a map that is wrong; a body
 * that ran twice though nobody had asked for it; two bodies of the same attempt; a job that was accepted and is not
 * done; an attempt at a job that begins while the one before still runs on a node that was not stopped; and after
 * restarts in order alone, anything that was lost or is done again.
 */
public final class Findings {

    private static final long[] BOUNDS = {250, 500, 1000, 2000, 4000, 8000, 16_000};

    private final Storm.Plan plan;
    private final List<Blow> blows;
    private final List<String> problems;
    private final Map<Strike, List<Long>> takenOver = new EnumMap<>(Strike.class);
    private final Map<Strike, List<Long>> pauses = new EnumMap<>(Strike.class);
    private int maps;
    private int bodies;
    private int bodiesAgain;
    private int singlesDone;
    private int singlesLost;
    private int jobs;
    private int jobsAgain;
    private int jobsOverlapping;
    private long withoutABlow;

    private Findings(Storm.Plan plan, List<Blow> blows, List<String> problems) {
        this.plan = plan;
        this.blows = List.copyOf(blows);
        this.problems = new ArrayList<>(problems);
    }

    /**
     * @param whole whether the storm went on until all that was begun had ended; else it was broken off, and what has not
     *     ended is not yet lost
     */
    static Findings of(Storm.Plan plan, List<Blow> blows, List<String> problems, boolean whole, Path folder)
            throws IOException {
        var findings = new Findings(plan, blows, problems);
        List<Line> load = Journal.read(folder, "load");
        findings.bodies(Journal.read(folder, "bodies"), load);
        findings.jobs(Journal.read(folder, "jobs"), load, whole);
        findings.pauses(load);
        if (plan.strikes().equals(List.of(Strike.RESTART))
                && findings.bodiesAgain + findings.singlesLost + findings.jobsAgain > 0) {
            findings.problems.add("a restart in order has lost or doubled something");
        }
        return findings;
    }

    /** What should not be; none if all is well. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** How many maps were done. */
    public int maps() {
        return maps;
    }

    /** How many jobs were done. */
    public int jobs() {
        return jobs;
    }

    // ---- bodies ----

    private void bodies(List<Line> lines, List<Line> load) {
        Map<String, List<Line>> ran = new HashMap<>();
        lines.forEach(line -> ran.computeIfAbsent(line.word(0) + ' ' + line.word(1), _ -> new ArrayList<>()).add(line));
        ran.forEach((body, all) -> {
            Set<Integer> attempts = new HashSet<>();
            for (Line line : all) {
                if (!attempts.add(line.number(2))) {
                    problems.add("attempt " + line.word(2) + " of the body " + body + " ran twice");
                }
            }
            bodies++;
            if (all.size() > 1) {
                bodiesAgain++;
                if (body.startsWith("s")) {
                    problems.add("the body " + body + " ran " + all.size() + " times, and nobody has asked for it");
                }
            }
            for (int i = 0; i + 1 < all.size(); i++) {
                again(all.get(i).word(3), all.get(i).millis(), all.get(i + 1).millis());
            }
        });
        for (Line line : load) {
            if (line.word(0).equals("map")) {
                maps++;
                if (!line.word(3).equals("complete")) {
                    problems.add("the map " + line.word(1) + " gave wrong results");
                }
                for (int item = 0; item < line.number(2); item++) {
                    if (!ran.containsKey(line.word(1) + ' ' + item)) {
                        problems.add("item " + item + " of " + line.word(1) + " has a result and never ran");
                    }
                }
            } else if (line.word(0).equals("single")) {
                single(line);
            }
        }
    }

    private void single(Line line) {
        String end = line.word(2);
        if (end.equals("done")) {
            singlesDone++;
        } else if (end.startsWith("lost_")) {
            singlesLost++;
        } else {
            problems.add("the body " + line.word(1) + ": " + end);
        }
    }

    /** Something that was begun on a node is begun again. */
    private void again(String node, long begun, long next) {
        Blow blow = blowAt(node, begun);
        if (blow == null || next < blow.millis()) {
            withoutABlow++;
        } else if (begun <= blow.millis()) {
            takenOver.computeIfAbsent(blow.strike(), _ -> new ArrayList<>()).add(next - blow.millis());
        }
    }

    /** The blow that a node got when, or soon after, it had begun with something; null if there is none. */
    private @Nullable Blow blowAt(String node, long begun) {
        long after = 3 * plan.timeoutMillis();
        return blows.stream()
                .filter(blow -> blow.victim().equals(node) && begun <= blow.end() && begun >= blow.millis() - after)
                .findFirst()
                .orElse(null);
    }

    // ---- jobs ----

    private void jobs(List<Line> lines, List<Line> load, boolean whole) {
        Map<String, TreeMap<Integer, Long>> begun = new HashMap<>();
        Map<String, TreeMap<Integer, Long>> ended = new HashMap<>();
        Map<String, String> nodes = new HashMap<>();
        for (Line line : lines) {
            boolean begins = line.word(3).equals("begin");
            Long before = (begins ? begun : ended).computeIfAbsent(line.word(0), _ -> new TreeMap<>())
                    .put(line.number(1), line.millis());
            if (begins && before != null) {
                problems.add("attempt " + line.word(1) + " at the job " + line.word(0) + " began twice");
            }
            nodes.put(line.word(0) + ' ' + line.word(1), line.word(2));
        }
        begun.forEach((job, attempts) -> {
            if (attempts.size() > 1) {
                jobsAgain++;
            }
            attempts.headMap(attempts.lastKey()).forEach((attempt, time) -> {
                int next = attempts.higherKey(attempt);
                long nextTime = Objects.requireNonNull(attempts.get(next));
                String node = Objects.requireNonNull(nodes.get(job + ' ' + attempt));
                again(node, time, nextTime);
                Long end = ended.getOrDefault(job, new TreeMap<>()).get(attempt);
                if (end != null && end > nextTime) {
                    jobsOverlapping++;
                    Blow blow = blowAt(node, time);
                    if (blow == null || blow.strike() != Strike.STOP) {
                        problems.add("attempts " + attempt + " and " + next + " at the job " + job + " ran at once, on "
                                + node + " and " + nodes.get(job + ' ' + next));
                    }
                }
            });
        });
        Set<String> done = new HashSet<>();
        for (Line line : load) {
            if (line.word(0).equals("ended")) {
                jobs++;
                done.add(line.word(1));
                if (!line.word(2).equals("done")) {
                    problems.add("the job " + line.word(1) + ": " + line.word(2));
                } else if (!begun.containsKey(line.word(1))) {
                    problems.add("the job " + line.word(1) + " has a result and never ran");
                }
            }
        }
        load.stream()
                .filter(line -> line.word(0).equals("submitted") && !done.contains(line.word(1)))
                .forEach(line -> problems.add("the job " + line.word(1) + " was accepted and " + (whole
                        ? "is lost"
                        : "had not ended " + (load.getLast().millis() - line.millis())
                                + " ms later, when the storm was broken off")));
    }

    /** For each blow the longest time in which no job ended. */
    private void pauses(List<Line> load) {
        List<Long> times = load.stream().filter(line -> line.word(0).equals("ended")).map(Line::millis).toList();
        for (Blow blow : blows) {
            long last = blow.millis();
            long longest = 0;
            for (long time : times) {
                if (time >= blow.millis() && time <= blow.end()) {
                    longest = Math.max(longest, time - last);
                    last = time;
                }
            }
            pauses.computeIfAbsent(blow.strike(), _ -> new ArrayList<>()).add(longest);
        }
    }

    // ---- what is told ----

    /** The heads of the columns of {@link #row}. */
    public static String head() {
        return """
                | engine | blows | maps | bodies | of them again | single bodies, lost by name | jobs | of them again \
                | at once | again without a blow | wrong |
                |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
                """;
    }

    /** A row of a table: what was done. */
    public String row() {
        return String.format(
                Locale.ROOT, "| %s | %s | %d of %,d | %,d | %,d | %,d, %,d | %,d | %,d | %,d | %,d | %,d |%n", engine(),
                plan.strikes().stream().map(this::struck).collect(Collectors.joining(", ")), maps, plan.items(), bodies,
                bodiesAgain, singlesDone + singlesLost, singlesLost, jobs, jobsAgain, jobsOverlapping, withoutABlow,
                problems.size());
    }

    private String struck(Strike strike) {
        return blows.stream().filter(blow -> blow.strike() == strike).count() + " " + name(strike);
    }

    /** The heads of the columns of {@link #times}. */
    public static String timesHead() {
        var head = new StringBuilder("| engine | blow | time | times | median, ms | most, ms |");
        for (long bound : BOUNDS) {
            head.append(" < ").append(bound).append(" |");
        }
        return head + " more |\n|---|---|---|" + "--:|".repeat(BOUNDS.length + 4) + '\n';
    }

    /** Rows of a table: how long things took, after each kind of blow. */
    public String times() {
        var rows = new StringBuilder();
        for (Strike strike : plan.strikes()) {
            times(rows, strike, "taken over", takenOver);
            times(rows, strike, "pause", pauses);
        }
        return rows.toString();
    }

    private void times(StringBuilder rows, Strike strike, String what, Map<Strike, List<Long>> all) {
        List<Long> times = all.getOrDefault(strike, List.of()).stream().sorted().toList();
        if (times.isEmpty()) {
            return;
        }
        int[] counts = new int[BOUNDS.length + 1];
        for (long time : times) {
            int place = 0;
            while (place < BOUNDS.length && time >= BOUNDS[place]) {
                place++;
            }
            counts[place]++;
        }
        rows.append(String.format(
                Locale.ROOT, "| %s | %s | %s | %,d | %,d | %,d |", engine(), name(strike), what, times.size(),
                times.get(times.size() / 2), times.getLast()));
        for (int count : counts) {
            rows.append(' ').append(count == 0 ? "" : count).append(" |");
        }
        rows.append('\n');
    }

    private String engine() {
        return name(plan.engine());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return head() + row() + '\n' + timesHead() + times() + String.join("\n", problems);
    }
}
