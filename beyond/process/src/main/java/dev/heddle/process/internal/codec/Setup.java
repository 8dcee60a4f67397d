package dev.heddle.process.internal.codec;

import dev.heddle.process.Format;
import java.util.ArrayList;
import java.util.List;

/**
 * The facts that a process must know before it speaks with a pool or a manager: its name, or the manager's, and the
 * codec of values. It travels as a list: to take a record apart costs a child more of its start than all else of this
 * does.
 *
 * @param name of a child, for threads and log lines; of a manager, for people
 * @param process the id of the process that sends it
 */
public record Setup(String name, long process, Codec codec) {

    /** Most of them are names of formats. */
    private static final int MAX_BYTES = 64 * 1024;

    /** One of this process. */
    public static Setup of(String name, Codec codec) {
        return new Setup(name, ProcessHandle.current().pid(), codec);
    }

    /** Encodes it. */
    public Output encode() {
        List<String> formats = codec.formatClasses().stream().map(Class::getName).toList();
        return new Codec(MAX_BYTES, List.of())
                .write("the setup", false, List.of(name, process, codec.maxBytes(), formats), false);
    }

    /**
     * Reads what {@link #encode} has given.
     *
     * @param loader finds the classes of the formats
     * @throws UnreadableException if it is something else, or a format is missing here
     */
    public static Setup decode(byte[] content, ClassLoader loader) {
        Object list = new Codec(content.length, List.of()).decode(content, 0, false, loader);
        if (!(list instanceof List<?> parts)
                || parts.size() != 4
                || !(parts.get(0) instanceof String name)
                || !(parts.get(1) instanceof Long process)
                || !(parts.get(2) instanceof Integer maxBytes)
                || !(parts.get(3) instanceof List<?> names)) {
            throw new UnreadableException("not a setup");
        }
        List<Class<? extends Format<?>>> formats = new ArrayList<>();
        for (Object each : names) {
            formats.add(format(String.valueOf(each), loader));
        }
        return new Setup(name, process, new Codec(maxBytes, formats));
    }

    /**
     * The class of a format.
     *
     * @throws UnreadableException if it is not there
     */
    @SuppressWarnings("unchecked")
    public static Class<? extends Format<?>> format(String name, ClassLoader loader) {
        try {
            return (Class<? extends Format<?>>) Class.forName(name, false, loader).asSubclass(Format.class);
        } catch (ClassNotFoundException e) {
            throw new UnreadableException("the format " + name + " is not on the class path here", e);
        }
    }
}
