package dev.heddle.cli.sight;

import dev.heddle.cli.command.CommandStreams;
import dev.heddle.cli.command.Exit;
import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.sight.leaks.LeakSearch;
import dev.heddle.cli.sight.leaks.LeakSearch.Leaks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The waits of a program that nothing can end any more: found in a heap dump, in this process, and then asked for by
 * their numbers, which also shows that they go on.
 *
 * <p>Threads: one.
 */
final class LeakedWaits {

    /** How long a program may take for its heap dump. */
    private static final long PATIENCE_MILLIS = TimeUnit.MINUTES.toMillis(10);

    /** So many numbers, of 18 digits and 3 characters for a comma, fit into one request. */
    private static final int AT_ONCE = 45;

    /** A line of an answer, its JSON, and the time from before the dump to before it was asked for. */
    private record Told(AnswerLine line, String json, long sinceMillis) {

        /** Whether it has waited all the time, and for ever. */
        boolean stillWaits() {
            return !line.flag("limited") && (line.number("task") == 0 || line.number("waited") >= sinceMillis);
        }
    }

    private final Program program;
    private final Map<String, String> request;
    private final int most;
    private final long begin = System.nanoTime();
    private AnswerLine dump = new AnswerLine(Map.of());

    /** What waits, by the numbers of nodes. */
    private final Map<Long, Told> waits = new LinkedHashMap<>();

    private LeakedWaits(Program program, Map<String, String> request) {
        this.program = program;
        this.request = request;
        this.most = Integer.parseInt(request.getOrDefault("max", "1"));
    }

    /**
     * Looks for them and tells of them.
     *
     * @param request what is asked of the waits that are told: {@code max} is most, {@code stacks}
     * @throws FailureException if the program gives no heap dump, or that cannot be read
     */
    static int tell(Program program, Map<String, String> request, boolean json, CommandStreams stdio)
            throws IOException {
        var asked = new LeakedWaits(program, request);
        Leaks leaks = asked.search();
        asked.ask(leaks.threads());
        Set<Long> leaked = asked.leaked(leaks.threads());
        int unknown = Math.max(0, leaks.threads().size() - asked.most);
        stdio.result(json ? asked.json(leaks, leaked) : asked.text(leaks, leaked, unknown));
        return Exit.FINE;
    }

    private Leaks search() {
        try (FileChannel file = dump()) {
            return LeakSearch.search(file);
        } catch (IOException e) {
            throw new FailureException(program + ": " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw new FailureException(program + ": its heap has more objects than this command has memory for; "
                    + "HEDDLE_JAVA_OPTS=-Xmx8g gives it more", e);
        }
    }

    /** The program deletes the file when the answer is closed. */
    private FileChannel dump() throws IOException {
        try (ProgramAnswer answer = program.ask("dump", Map.of(), PATIENCE_MILLIS)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("dumped")) {
                    dump = line;
                    Path file = program.file(line.text("file"));
                    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        throw new IOException("there is no heap dump in " + HumanFormat.printable(file.toString()));
                    }
                    return FileChannel.open(file);
                }
            }
        }
        throw new IOException("it wrote no heap dump");
    }

    /** Asks for the waits of threads, those that wait for them, and so on. */
    private void ask(List<Long> threads) {
        Set<Long> asked = new LinkedHashSet<>();
        Deque<Long> open = new ArrayDeque<>(threads.stream().limit(most).toList());
        while (!open.isEmpty() && asked.size() < most) {
            List<String> nodes = new ArrayList<>();
            while (!open.isEmpty() && nodes.size() < AT_ONCE) {
                long node = open.remove();
                if (asked.add(node)) {
                    nodes.add(Long.toString(node));
                }
            }
            if (!nodes.isEmpty()) {
                ask(String.join(",", nodes));
                waits.keySet().stream().filter(node -> !asked.contains(node)).forEach(open::add);
            }
        }
    }

    private void ask(String nodes) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        Map<String, String> arguments = new HashMap<>(request);
        arguments.put("nodes", nodes);
        try (ProgramAnswer answer = program.ask("waits", arguments)) {
            for (AnswerLine line = answer.next(); line != null; line = answer.next()) {
                if (line.kind().equals("wait")) {
                    waits.put(line.number("node"), new Told(line, answer.json(), since));
                }
            }
        }
    }

    /** Those of some threads that still wait, and not for one of the others: these are only held up. */
    private Set<Long> leaked(List<Long> threads) {
        Set<Long> found = new LinkedHashSet<>(threads);
        Set<Long> leaked = new LinkedHashSet<>();
        waits.forEach((node, told) -> {
            if (found.contains(node) && told.stillWaits()
                    && told.line.list("holders").stream().noneMatch(found::contains)) {
                leaked.add(node);
            }
        });
        return leaked;
    }

    private String json(Leaks leaks, Set<Long> leaked) {
        var text = new StringBuilder("{\"kind\":\"leaks\",\"took\":" + dump.number("took") + ",\"bytes\":"
                + dump.number("bytes") + ",\"objects\":" + leaks.objects() + ",\"waiting\":" + leaks.waiting()
                + ",\"leaked\":" + leaked.size() + ",\"generators\":" + leaks.generators() + "}\n");
        waits.forEach((node, told) -> text.append(told.json, 0, told.json.length() - 1)
                .append(leaked.contains(node) ? ",\"leaked\":true}\n" : "}\n"));
        return text.toString();
    }

    private String text(Leaks leaks, Set<Long> leaked, int unknown) {
        var text = new StringBuilder();
        boolean sure = leaks.generators() == 0;
        text.append(HumanFormat.count(leaked.size() + unknown)).append(sure ? " leaked of " : " perhaps leaked of ")
                .append(HumanFormat.count(leaks.waiting(), "wait")).append("; the program stood still for ")
                .append(HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(dump.number("took")))).append(", for a dump of ")
                .append(HumanFormat.bytes(dump.number("bytes"))).append('\n');
        if (!leaked.isEmpty() && !sure) {
            text.append(HumanFormat.count(leaks.generators(), "suspended generator"))
                    .append(" may know what would end these: no dump shows their variables\n");
        }
        var tree = new WaitText("", any -> Optional.empty());
        waits.values().forEach(told -> tree.add(told.line));
        text.append(tree.of(leaked));
        if (unknown > 0) {
            text.append("\n... and ").append(HumanFormat.count(unknown))
                    .append(" more; --max tells how many to list\n");
        }
        return text.toString();
    }
}
