package dev.heddle.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The kernel's table of processes by chance: whenever it is asked something, others may start, end, be waited for, and
 * get the number that was freed last. As in the kernel, no number is given anew that is a process's, group's or
 * session's.
 */
final class FakeProcesses {

    static final String NO_MARK = "-";

    private static final long INIT = 1;
    private static final long JVM = 2;
    private static final long OTHERS = 3;

    /** A process; {@code isOurs} until it has left the session that it was started in. */
    static final class Entry {
        final long pid;
        final long start;
        final boolean isOurs;
        final String mark;
        long parent;
        long group;
        long session;
        char state = 'R';

        private Entry(long pid, long start, Entry from, boolean isOurs, String mark) {
            this.pid = pid;
            this.start = start;
            this.parent = from.pid;
            this.group = from.group;
            this.session = from.session;
            this.isOurs = isOurs;
            this.mark = mark;
        }

        private Entry(long pid) {
            this.pid = pid;
            this.start = 0;
            this.isOurs = false;
            this.mark = NO_MARK;
            this.group = pid;
            this.session = pid;
        }

        boolean runs() {
            return state == 'R';
        }

        @Override
        public String toString() {
            return pid + "@" + start + (isOurs ? " ours " : " stranger ") + state + " parent " + parent + " group "
                    + group + " session " + session;
        }
    }

    private final Random random;
    private final Map<Long, Entry> table = new TreeMap<>();
    private final Deque<Long> freed = new ArrayDeque<>();
    private final List<Entry> victims = new ArrayList<>();
    private long nextNumber = 10;
    private long ticks = 1;

    /** How many things happen before each answer, at most. */
    private int storm;

    /** What nobody waits for, whose number so stays its own; zero for none. */
    private long kept;

    FakeProcesses(long seed) {
        this.random = new Random(seed);
        for (long pid : new long[]{INIT, JVM, OTHERS}) {
            table.put(pid, new Entry(pid));
        }
        table.get(OTHERS).session = JVM; // programs of the same terminal
    }

    /** Strangers that were killed. */
    List<Entry> victims() {
        return victims;
    }

    long ticks() {
        return ticks;
    }

    void storm(int most) {
        storm = most;
    }

    void keep(long pid) {
        kept = pid;
    }

    // ---- what processes do ----

    /** A child of this JVM. */
    Entry child(boolean group, boolean session, String mark) {
        return start(table.get(JVM), true, mark, group, session);
    }

    private Entry start(Entry from, boolean ours, String mark, boolean group, boolean session) {
        ticks++;
        Entry made = new Entry(number(), ticks, from, ours, mark);
        if (group || session) {
            made.group = made.pid;
        }
        if (session) {
            made.session = made.pid;
        }
        table.put(made.pid, made);
        return made;
    }

    private long number() {
        Long again = freed.stream().filter(this::isFree).findFirst().orElse(null);
        if (again == null) {
            return nextNumber++;
        }
        freed.remove(again);
        return again;
    }

    private boolean isFree(long number) {
        return table.values().stream().noneMatch(
                each -> each.pid == number || each.group == number || each.session == number);
    }

    void end(Entry entry) {
        entry.state = 'Z';
        table.values().stream().filter(each -> each.parent == entry.pid).forEach(each -> each.parent = INIT);
    }

    private void reap(Entry entry) {
        table.remove(entry.pid);
        freed.push(entry.pid);
    }

    /** This JVM is killed: what it kept is now waited for by the first of all processes. */
    void endOfJvm() {
        end(table.get(JVM));
        kept = 0;
    }

    /** So many things happen. */
    void happen(int times) {
        for (int i = 0; i < times; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> any(each -> each.isOurs && each.runs(), this::end);
                case 2, 3 -> any(each -> each.state == 'Z' && each.pid != kept && each.pid != JVM, this::reap);
                case 4 -> any(each -> each.isOurs && each.runs(),
                        from -> start(from, true, from.mark, random.nextInt(4) == 0, false));
                // A daemon that one of ours becomes, with its mark, is a stranger.
                case 5 -> any(each -> each.isOurs && each.runs(), from -> start(from, false, from.mark, true, true));
                case 6 -> any(each -> !each.isOurs && each.runs() && each.pid != JVM && each.pid != INIT
                        && each.mark.equals(NO_MARK),
                        from -> start(from, false, NO_MARK, random.nextBoolean(), random.nextBoolean()));
                default -> any(each -> !each.isOurs && each.runs() && each.pid > OTHERS, this::end);
            }
        }
    }

    private void any(Predicate<Entry> which, Consumer<Entry> what) {
        List<Entry> all = table.values().stream().filter(which).toList();
        if (!all.isEmpty()) {
            what.accept(all.get(random.nextInt(all.size())));
        }
    }

    private void storm() {
        happen(storm == 0 ? 0 : random.nextInt(storm + 1));
    }

    // ---- what it is asked ----

    Optional<Entry> look(long pid) {
        storm();
        return Optional.ofNullable(table.get(pid));
    }

    List<Entry> all() {
        storm();
        return List.copyOf(table.values());
    }

    Stream<Entry> children(long pid) {
        return all().stream().filter(each -> each.parent == pid);
    }

    /** kill(2); whether there was somebody. */
    boolean send(String signal, long target) {
        storm();
        List<Entry> all = table.values().stream()
                .filter(each -> target < 0 ? each.group == -target : each.pid == target)
                .toList();
        all.forEach(each -> take(signal, each));
        return !all.isEmpty();
    }

    private void take(String signal, Entry entry) {
        if (entry.state == 'Z') {
            return;
        }
        switch (signal) {
            case "0" -> {}
            case "STOP" -> entry.state = 'T';
            case "CONT" -> entry.state = 'R';
            case "KILL" -> {
                if (!entry.isOurs) {
                    victims.add(entry);
                }
                end(entry);
            }
            default -> throw new AssertionError(signal);
        }
    }

    ProcessHandle handle(Entry entry) {
        return new Handle(entry.pid, entry.start);
    }

    /** As Java's own: a number and a start, which is compared wherever the process itself is asked or told something. */
    private final class Handle implements ProcessHandle {

        private final long pid;
        private final long start;

        private Handle(long pid, long start) {
            this.pid = pid;
            this.start = start;
        }

        private Optional<Entry> now() {
            return look(pid).filter(entry -> entry.start == start);
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean isAlive() {
            return now().isPresent();
        }

        @Override
        public Optional<ProcessHandle> parent() {
            return now().map(entry -> entry.parent).flatMap(FakeProcesses.this::look).map(FakeProcesses.this::handle);
        }

        @Override
        public Stream<ProcessHandle> children() {
            throw new UnsupportedOperationException();
        }

        /** By the number, and one process after the other. */
        @Override
        public Stream<ProcessHandle> descendants() {
            List<long[]> seen = new ArrayList<>();
            for (Entry each : all()) {
                look(each.pid).ifPresent(entry -> seen.add(new long[]{entry.pid, entry.parent, entry.start}));
            }
            seen.sort(Comparator.comparingLong(each -> each[0]));
            List<long[]> found = new ArrayList<>(List.of(new long[]{pid, 0, start}));
            for (int i = 0; i < found.size(); i++) {
                long[] from = found.get(i);
                seen.stream().filter(each -> each[1] == from[0] && each[2] >= from[2]).forEach(found::add);
                seen.removeIf(each -> each[1] == from[0]);
            }
            return found.stream().skip(1).map(each -> new Handle(each[0], each[2]));
        }

        @Override
        public boolean destroyForcibly() {
            boolean is = isAlive();
            if (is) {
                int before = storm;
                storm = 0; // Java compares and kills at once
                send("KILL", pid);
                storm = before;
            }
            return is;
        }

        @Override
        public Info info() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ProcessHandle> onExit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean supportsNormalTermination() {
            return true;
        }

        @Override
        public boolean destroy() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(ProcessHandle other) {
            return Long.compare(pid, other.pid());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Handle handle && handle.pid == pid && handle.start == start;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(pid * 31 + start);
        }
    }
}
