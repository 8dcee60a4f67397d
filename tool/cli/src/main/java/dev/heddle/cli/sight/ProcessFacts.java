package dev.heddle.cli.sight;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.internal.SystemUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The facts that the system tells of a process without asking it: proc(5), where that is there.
 *
 * @param status the fields of {@code /proc/PID/status}; none where the system has no such file
 */
record ProcessFacts(ProcessHandle process, Map<String, String> status) {

    private static final String JVM_LIBRARY = "/libjvm.so";

    /** How long a program takes to answer at most, from its start on. */
    private static final Duration BEGINS_WITHIN = Duration.ofSeconds(3);

    /** Of a process that has not ended. */
    static Optional<ProcessFacts> of(long pid) {
        return ProcessHandle.of(pid).map(process -> new ProcessFacts(process, status(pid)))
                .filter(facts -> !facts.state().startsWith("Z"));
    }

    private static Map<String, String> status(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":\\s*", 2)).filter(words -> words.length == 2)
                    .collect(Collectors.toMap(words -> words[0], words -> words[1], (a, b) -> a));
        } catch (IOException | RuntimeException e) {
            return Map.of();
        }
    }

    /** Whether a process is a JVM that was started with a main class. */
    static boolean runs(long pid, String main) {
        try {
            // Not by ProcessHandle, which tells the beginning of a long line only, and this stands behind the class path.
            String words = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
            return List.of(words.split("\0", -1)).stream()
                    .anyMatch(word -> word.equals(main) || word.endsWith("/" + main));
        } catch (IOException e) {
            return false;
        }
    }

    private String state() {
        return status.getOrDefault("State", "");
    }

    /** Its number where it lives, which is another in a container. */
    long innerPid() {
        String[] numbers = status.getOrDefault("NSpid", Long.toString(process.pid())).strip().split("\\s+", -1);
        return Long.parseLong(numbers[numbers.length - 1]);
    }

    /** The environment that it was started with, as far as the system tells. */
    Map<String, String> environment() throws IOException {
        String all = Files.readString(Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
        return Arrays.stream(all.split("\0", -1)).map(each -> each.split("=", 2)).filter(words -> words.length == 2)
                .collect(Collectors.toMap(words -> words[0], words -> words[1], (a, b) -> a));
    }

    /** Whether it is stopped by a signal, or by a debugger. */
    boolean isStopped() {
        return state().startsWith("T") || state().startsWith("t");
    }

    /** Whether a process that has not ended is a user's; also where the system does not tell. */
    static boolean isOf(long pid, int user) {
        try {
            return SystemUser.number(pid) == user;
        } catch (IOException e) {
            return ProcessHandle.of(pid).isPresent() && !Files.exists(Path.of("/proc/self"));
        }
    }

    /** Whether it is somebody else's. */
    boolean isOthers() {
        try {
            int user = SystemUser.number();
            return user != 0 && SystemUser.number(process.pid()) != user;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The name of its user. */
    String user() {
        return HumanFormat.printable(process.info().user().orElse("another user"));
    }

    /** Whether it was started so short a time ago that it may be a program that does not answer yet. */
    boolean mayStillBegin() {
        boolean young = process.info().startInstant()
                .filter(start -> Duration.between(start, Instant.now()).compareTo(BEGINS_WITHIN) < 0).isPresent();
        return young && !isOthers() && (isJvm() || command().equals("java"));
    }

    /** Whether a Java virtual machine runs in it. */
    boolean isJvm() {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/maps"), StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.endsWith(JVM_LIBRARY));
        } catch (IOException | RuntimeException e) {
            return command().equals("java");
        }
    }

    /** The name of what it runs. */
    String command() {
        return process.info().command().map(path -> String.valueOf(Path.of(path).getFileName()))
                .or(() -> Optional.ofNullable(status.get("Name"))).map(HumanFormat::printable).orElse("?");
    }

    /** All in a line. */
    String words() {
        List<String> words = new ArrayList<>();
        words.add(command() + " of " + user());
        add(words, "state ", status.get("State"));
        add(words, "", status.get("Threads"), " threads");
        add(words, "", status.get("VmRSS"), " of memory");
        process.info().totalCpuDuration().ifPresent(cpu -> words.add(HumanFormat.time(cpu.toNanos()) + " of CPU"));
        process.info().startInstant().ifPresent(
                start -> words.add("up " + HumanFormat.time(Duration.between(start, Instant.now()).toNanos())));
        return String.join(", ", words);
    }

    private static void add(List<String> words, String before, @Nullable String fact) {
        add(words, before, fact, "");
    }

    private static void add(List<String> words, String before, @Nullable String fact, String behind) {
        if (fact != null) {
            words.add(before + HumanFormat.printable(fact.strip().replace("\t", " ")) + behind);
        }
    }
}
