package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.observe.internal.LoopsView.Look;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A view of this process as a whole, in one line. */
final class ProgramView implements View {

    /** The main class of children of pools. */
    private static final String WORKER = "dev.heddle.process.WorkerMain";

    /** The source file that runs, if one does; both the JDK and {@code heddle run} say so. */
    private static final String SOURCE = "jdk.launcher.sourcefile";

    /** What the JDK starts for a source file, which is its first argument. */
    private static final String LAUNCHER = "jdk.compiler/com.sun.tools.javac.launcher.";

    /** This project's own, whose first argument says what it does. */
    private static final Pattern COMMAND = Pattern.compile("dev\\.heddle\\.cli\\.Main|(.*/)?heddle-cli-[^/]*\\.jar");

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        List<Look> loops = LoopsView.look(request);
        String main = main();
        Runtime jvm = Runtime.getRuntime();
        out.begin("program").put("pid", ProcessHandle.current().pid()).put("main", main);
        out.put("version", version()).put("java", Runtime.version().toString());
        out.put("up", ManagementFactory.getRuntimeMXBean().getUptime());
        out.put("heap", jvm.totalMemory() - jvm.freeMemory()).put("maxHeap", jvm.maxMemory());
        out.put("loops", loops.size());
        out.put("tasks", loops.stream().mapToLong(look -> look.now().statistics().aliveTasks()).sum());
        out.put("busy", loops.stream().mapToDouble(Look::busy).filter(Double::isFinite).average().orElse(Double.NaN));
        out.put("hanging", loops.stream().filter(look -> !look.answers()).count());
        if (main.equals(WORKER)) {
            ProcessHandle.current().parent().ifPresent(parent -> out.put("parent", parent.pid()));
        }
        out.put("acts", Acts.allowed()).beginList("verbs");
        Views.useful().forEach(out::item);
        out.endList().end();
    }

    /** What runs here: a source file, or what the command line of the JVM says. */
    static String main() {
        return main(System.getProperty(SOURCE, System.getProperty("sun.java.command", "")));
    }

    /**
     * What runs here, from the command line of the JVM: a class, the name of a jar or that of a source file. The
     * arguments behind it are nobody's business.
     */
    static String main(String command) {
        String[] words = command.strip().split(" ", 3);
        if (words.length > 1 && COMMAND.matcher(words[0]).matches()) {
            return "heddle " + words[1];
        }
        String what = words[0].startsWith(LAUNCHER) && words.length > 1 ? words[1] : words[0];
        return what.endsWith(".jar") || what.endsWith(".java")
                ? String.valueOf(Path.of(what).getFileName())
                : what;
    }

    /** The version of Heddle; classes outside of a jar have none. */
    private static String version() {
        @Nullable String version = Loop.class.getPackage().getImplementationVersion();
        return Objects.requireNonNullElse(version, "development");
    }
}
