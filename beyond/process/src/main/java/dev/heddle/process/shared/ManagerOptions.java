package dev.heddle.process.shared;

import dev.heddle.internal.Checks;
import dev.heddle.process.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The options of a {@link Manager}. Immutable; each {@code with} gives a changed copy.
 */
public final class ManagerOptions {

    /** 10,000 objects, 1,000 processes with 10,000 calls each, 64 MiB. */
    public static final ManagerOptions DEFAULT = new ManagerOptions(
            "manager", 10_000, 1_000, 10_000, 64 * 1024 * 1024, List.of());

    private final String name;
    private final int maxObjects;
    private final int maxProcesses;
    private final int maxCalls;
    private final int maxBytes;
    private final List<Class<? extends Format<?>>> formats;

    private ManagerOptions(String name, int maxObjects, int maxProcesses, int maxCalls, int maxBytes,
            List<Class<? extends Format<?>>> formats) {
        Objects.requireNonNull(name);
        Checks.atLeast("maxObjects", maxObjects, 1);
        Checks.atLeast("maxProcesses", maxProcesses, 1);
        Checks.atLeast("maxCalls", maxCalls, 1);
        Checks.atLeast("maxBytes", maxBytes, 1024);
        formats = List.copyOf(formats);
        this.name = name;
        this.maxObjects = maxObjects;
        this.maxProcesses = maxProcesses;
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
        this.formats = formats;
    }

    /** Names the manager in messages, and its thread. */
    public String name() {
        return name;
    }

    /** Most objects that it shares at a time, at least 1. */
    public int maxObjects() {
        return maxObjects;
    }

    /** Most processes that use it at a time, at least 1; one more waits to be let in. */
    public int maxProcesses() {
        return maxProcesses;
    }

    /**
     * Most calls that one other process has under way, at least 1; one more gets a {@link dev.heddle.BusyException}.
     */
    public int maxCalls() {
        return maxCalls;
    }

    /** Longest arguments or result of a call, and longest element, encoded; at least 1,024. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Classes of formats for types of the program's own. */
    public List<Class<? extends Format<?>>> formats() {
        return formats;
    }

    public ManagerOptions withName(String name) {
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, formats);
    }

    public ManagerOptions withMaxObjects(int maxObjects) {
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, formats);
    }

    public ManagerOptions withMaxProcesses(int maxProcesses) {
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, formats);
    }

    public ManagerOptions withMaxCalls(int maxCalls) {
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, formats);
    }

    public ManagerOptions withMaxBytes(int maxBytes) {
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, formats);
    }

    /** With one more format. */
    public ManagerOptions withFormat(Class<? extends Format<?>> format) {
        List<Class<? extends Format<?>>> more = new ArrayList<>(formats);
        more.add(format);
        return new ManagerOptions(name, maxObjects, maxProcesses, maxCalls, maxBytes, more);
    }

    @Override
    public String toString() {
        return "ManagerOptions[name=" + name + ", maxObjects=" + maxObjects + ", maxProcesses=" + maxProcesses
                + ", maxCalls=" + maxCalls + ", maxBytes=" + maxBytes + ", formats=" + formats + "]";
    }
}
