package dev.heddle.process;

import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The options of a {@link JvmProcess}. Immutable; each {@code with} gives a changed copy.
 */
public final class ProcessOptions {

    /** Named by number, no daemon, 5 s of grace, 64 MiB, lines prefixed with its name. */
    public static final ProcessOptions DEFAULT = new ProcessOptions(
            "", false, Duration.ofSeconds(5), 64 * 1024 * 1024, List.of(), List.of(), List.of(), WorkerOutput.PREFIXED);

    private final String name;
    private final boolean daemon;
    private final Duration grace;
    private final int maxBytes;
    private final List<RemoteCallable<? extends ScopedValue<?>>> context;
    private final List<Class<? extends Format<?>>> formats;
    private final List<String> jvmArguments;
    private final WorkerOutput output;

    private ProcessOptions(String name, boolean daemon, Duration grace, int maxBytes,
            List<RemoteCallable<? extends ScopedValue<?>>> context, List<Class<? extends Format<?>>> formats,
            List<String> jvmArguments, WorkerOutput output) {
        Objects.requireNonNull(name);
        Objects.requireNonNull(output);
        Checks.notNegative("grace", grace);
        Checks.atLeast("maxBytes", maxBytes, 1024);
        context = List.copyOf(context);
        formats = List.copyOf(formats);
        jvmArguments = List.copyOf(jvmArguments);
        this.name = name;
        this.daemon = daemon;
        this.grace = grace;
        this.maxBytes = maxBytes;
        this.context = context;
        this.formats = formats;
        this.jvmArguments = jvmArguments;
        this.output = output;
    }

    /** Names it and its main thread; empty for {@code child-1} and so on. */
    public String name() {
        return name;
    }

    /** Whether this JVM may end by itself while the child runs, which ends the child too. */
    public boolean daemon() {
        return daemon;
    }

    /** How long it has to end when it was asked to, until it is killed. */
    public Duration grace() {
        return grace;
    }

    /** Longest body, encoded. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Functions that name scoped values; those that are bound where it is spawned are bound in its body. */
    public List<RemoteCallable<? extends ScopedValue<?>>> context() {
        return context;
    }

    /** Classes of formats for types of the program's own. */
    public List<Class<? extends Format<?>>> formats() {
        return formats;
    }

    /**
     * Arguments of the child's JVM, such as {@code -Xmx512m}. A debugger that an environment variable gives this JVM is
     * not passed on, since both would want its port; name one here, with {@code address=0}.
     */
    public List<String> jvmArguments() {
        return jvmArguments;
    }

    /** Gets what it prints. */
    public WorkerOutput output() {
        return output;
    }

    public ProcessOptions withName(String name) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, jvmArguments, output);
    }

    public ProcessOptions withDaemon(boolean daemon) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, jvmArguments, output);
    }

    public ProcessOptions withGrace(Duration grace) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, jvmArguments, output);
    }

    public ProcessOptions withMaxBytes(int maxBytes) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, jvmArguments, output);
    }

    /** With one more scoped value that goes along: {@code withContext(() -> App.USER)}. */
    public ProcessOptions withContext(RemoteCallable<? extends ScopedValue<?>> key) {
        List<RemoteCallable<? extends ScopedValue<?>>> more = new ArrayList<>(context);
        more.add(key);
        return new ProcessOptions(name, daemon, grace, maxBytes, more, formats, jvmArguments, output);
    }

    /** With one more format. */
    public ProcessOptions withFormat(Class<? extends Format<?>> format) {
        List<Class<? extends Format<?>>> more = new ArrayList<>(formats);
        more.add(format);
        return new ProcessOptions(name, daemon, grace, maxBytes, context, more, jvmArguments, output);
    }

    public ProcessOptions withJvmArguments(String... arguments) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, List.of(arguments), output);
    }

    public ProcessOptions withOutput(WorkerOutput output) {
        return new ProcessOptions(name, daemon, grace, maxBytes, context, formats, jvmArguments, output);
    }

    @Override
    public String toString() {
        return "ProcessOptions[name=" + name + ", daemon=" + daemon + ", grace=" + grace + ", maxBytes=" + maxBytes
                + ", context=" + context + ", formats=" + formats + ", jvmArguments=" + jvmArguments + ", output="
                + output + "]";
    }
}
