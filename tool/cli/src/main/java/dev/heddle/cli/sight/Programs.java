package dev.heddle.cli.sight;

import dev.heddle.cli.command.FailureException;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import dev.heddle.internal.SystemUser;
import dev.heddle.observe.internal.SocketDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The running programs that this user may ask. */
public final class Programs {

    private static final int ROOT = 0;

    /** From one look for a program that begins to the next. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Programs() {}

    /** All of them, by their numbers; for root those of all users. What killed ones have left is cleaned up. */
    public static List<Program> all() {
        try {
            int user = SystemUser.number();
            Map<String, String> environment = System.getenv();
            List<Program> programs = new ArrayList<>(of(user, SocketDirectory.of(user, environment)));
            if (user == ROOT && !SocketDirectory.isNamed(environment)) {
                for (int other : SocketDirectory.users()) {
                    if (other != user) {
                        programs.addAll(of(other, SocketDirectory.of(other, Map.of())));
                    }
                }
            }
            programs.sort(Comparator.comparingLong(Program::pid));
            return programs;
        } catch (IOException | UnsupportedOperationException e) {
            throw new FailureException("this system does not tell who you are", e);
        }
    }

    /** The children of a program that can be asked, such as those of a process pool. */
    public static List<Program> childrenOf(Program parent) {
        List<Program> all = all();
        return ProcessHandle.of(parent.pid()).stream().flatMap(ProcessHandle::children).map(ProcessHandle::pid).sorted()
                .flatMap(child -> look(all, child, ProcessFacts.of(child)).stream()).toList();
    }

    private static List<Program> of(int user, List<SocketDirectory> directories) {
        List<Program> programs = new ArrayList<>();
        for (SocketDirectory directory : directories) {
            directory.sweep();
            for (SocketDirectory.Entry entry : directory.entries()) {
                // Another user's process is not where that user says.
                if (ProcessFacts.isOf(entry.pid(), user)) {
                    programs.add(new Program(entry.pid(), entry.socket()));
                }
            }
        }
        return programs;
    }

    /**
     * The program that a command is about: that of a number; without one the only one that runs.
     *
     * @param arguments the words of the command without its options
     * @throws UsageException if there are several words, the word is no number, or several programs run
     * @throws FailureException if there is no such program; the message says what the process is instead
     */
    public static Program pick(List<String> arguments) {
        if (arguments.isEmpty()) {
            List<Program> all = all();
            if (all.size() == 1) {
                return all.getFirst();
            }
            if (all.isEmpty()) {
                throw new FailureException("no program runs that can be observed");
            }
            throw new UsageException("several programs run; heddle ps lists them: name one by its PID");
        }
        if (arguments.size() > 1) {
            throw new UsageException("one PID at a time");
        }
        return find(pid(arguments.getFirst()));
    }

    private static long pid(String word) {
        if (!word.matches("[1-9][0-9]{0,9}")) {
            throw new UsageException(
                    "\"" + HumanFormat.cut(word, 50) + "\" is no PID; heddle ps lists those of programs");
        }
        return Long.parseLong(word);
    }

    /**
     * The program of a number.
     *
     * @throws FailureException if there is none; the message says what the process is instead
     */
    public static Program find(long pid) {
        Optional<ProcessFacts> facts = ProcessFacts.of(pid);
        Optional<Program> found = look(all(), pid, facts);
        while (found.isEmpty() && facts.filter(ProcessFacts::mayStillBegin).isPresent()) {
            LockSupport.parkNanos(LOOK_NANOS);
            facts = ProcessFacts.of(pid);
            found = look(all(), pid, facts);
        }
        if (found.isEmpty()) {
            throw new FailureException(facts.map(Programs::whyNot).orElse("there is no process " + pid));
        }
        return found.get();
    }

    private static Optional<Program> look(List<Program> all, long pid, Optional<ProcessFacts> facts) {
        return all.stream().filter(program -> program.pid() == pid).findFirst()
                .or(() -> facts.flatMap(Programs::elsewhere));
    }

    /** A process with another environment or other files than ours, as in a container, where both can be looked into. */
    private static Optional<Program> elsewhere(ProcessFacts facts) {
        long pid = facts.process().pid();
        try {
            return SocketDirectory.of(SystemUser.number(pid), facts.environment(), Path.of("/proc/" + pid + "/root"))
                    .stream().map(directory -> directory.socket(facts.innerPid())).filter(Files::exists)
                    .map(socket -> new Program(pid, socket)).findFirst();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** The process of what may be a thread: proc_pid_status(5). */
    static long processOf(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith("Tgid:"))
                    .map(line -> Long.parseLong(line.substring("Tgid:".length()).strip()))
                    .findFirst()
                    .orElse(pid);
        } catch (IOException | UncheckedIOException e) {
            return pid;
        }
    }

    private static String whyNot(ProcessFacts facts) {
        long pid = facts.process().pid();
        if (facts.isOthers()) {
            return "process " + pid + " is " + facts.user() + "'s; only they can look into it, or root: sudo -u "
                    + facts.user() + " heddle ...";
        }
        long process = processOf(pid);
        if (process != pid) {
            return pid + " is the number of a thread; its process is " + process;
        }
        if (!facts.isJvm()) {
            return "process " + pid + " (" + facts.command() + ") is no Java virtual machine";
        }
        return """
                process %d is a Java virtual machine that cannot be observed: no loop has begun in it, dev.heddle:heddle-observe is \
                not on its path, or it was started with -Dheddle.observe=off
                From outside: %s
                From the JDK: jcmd %d Thread.print prints its platform threads, with their stacks"""
                .formatted(pid, facts.words(), pid);
    }
}
