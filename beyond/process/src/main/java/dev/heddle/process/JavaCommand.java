package dev.heddle.process;

import dev.heddle.Heddle;
import dev.heddle.internal.JdkWarning;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line of a child: this JVM's Java, class path and module path. */
final class JavaCommand {

    private static final String MODULE = "dev.heddle.process";

    private static final String CLASS_PATH = "ALL-UNNAMED";

    private static final String OBSERVE = "heddle.observe";

    /** Where a JVM and its launcher find arguments beside the command. */
    private static final List<String> FROM_THE_ENVIRONMENT = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS");

    /** A debugger of this JVM: its port is taken. */
    private static final Pattern DEBUGGER = Pattern.compile("(?<!\\S)-(agentlib:jdwp|Xrunjdwp)\\S*");

    private JavaCommand() {}

    /** Takes out of the variables of a child what two JVMs cannot have. */
    static void prepare(Map<String, String> environment) {
        for (String name : FROM_THE_ENVIRONMENT) {
            environment.computeIfPresent(name, (_, options) -> DEBUGGER.matcher(options).replaceAll(""));
        }
    }

    /**
     * The command, with what lets the child start fast if that is there.
     *
     * @param main the class to start
     * @param jvmArguments what the user wants beside the defaults, and after them
     */
    static List<String> of(Class<?> main, List<String> jvmArguments) {
        List<String> command = start(jvmArguments);
        String classes = System.getProperty("java.class.path", "");
        StartCache cache = StartCache.of(jvmArguments);
        if (cache != null && cache.isThere()) {
            command.addAll(cache.arguments());
            // The JVM takes a cache only if the class path begins as it did when the cache was made.
            classes = cache.classPath() + File.pathSeparator + classes;
        }
        String modules = System.getProperty("jdk.module.path", "");
        if (!modules.isEmpty()) {
            command.addAll(List.of("--module-path", modules, "--add-modules=ALL-MODULE-PATH"));
        } else if (main.getModule().isNamed()) {
            // In an image of jlink: the main class alone would not bring the modules of bodies.
            command.add("--add-modules=" + names(module -> true));
        }
        if (!classes.isEmpty()) {
            command.addAll(List.of("--class-path", classes));
        }
        if (main.getModule().isNamed()) {
            command.addAll(List.of("--module", MODULE + "/" + main.getName()));
        } else {
            command.add(main.getName());
        }
        return command;
    }

    /**
     * Checks that this JVM can start another.
     *
     * @throws IOException if it has no command for that, as in an image of jpackage, or classes that no other can read
     */
    static void requireJava() throws IOException {
        CodeSource source = JavaCommand.class.getProtectionDomain().getCodeSource();
        requireReadable(source == null ? null : source.getLocation());
        if (!Files.isExecutable(java())) {
            throw new IOException("there is no " + java() + "; where jpackage has made this image, let it keep the"
                    + " command: --jlink-options \"--strip-debug --no-header-files --no-man-pages\"");
        }
    }

    /** A child reads classes from files and directories; it has none of this JVM's class loaders. */
    static void requireReadable(@Nullable URL classes) throws IOException {
        if (classes != null && classes.getProtocol().matches("jar|nested|war|bundle|bundleresource")) {
            throw new IOException("a child JVM cannot read classes inside of another archive, as in " + classes
                    + "; unpack it: java -Djarmode=tools -jar APP.jar extract");
        }
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** To whom packages of the JDK are opened: Heddle on the class path, and where its core is a module, that one. */
    private static String heddle() {
        Module core = Heddle.class.getModule();
        return core.isNamed() ? core.getName() + "," + CLASS_PATH : CLASS_PATH;
    }

    /** Who may call native code: the class path, and those modules that may here. */
    private static String callersOfNativeCode() {
        String modules = names(Module::isNativeAccessEnabled);
        return modules.isEmpty() ? CLASS_PATH : modules + "," + CLASS_PATH;
    }

    /** The modules of this JVM that are not the JDK's. */
    private static String names(Predicate<Module> wanted) {
        return ModuleLayer.boot().modules().stream()
                .filter(module -> !module.getName().startsWith("java.") && !module.getName().startsWith("jdk."))
                .filter(wanted)
                .map(Module::getName)
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static boolean namesCollector(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> argument.matches("-XX:\\+Use\\w+GC"));
    }

    /** How every command begins. */
    static List<String> start(List<String> jvmArguments) {
        return start(jvmArguments, System.getenv());
    }

    /** As above, where children get these variables. */
    static List<String> start(List<String> jvmArguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of(
                java().toString(),
                "--add-opens=java.base/java.lang=" + heddle(),
                "--add-exports=java.base/jdk.internal.vm=" + heddle(),
                "--enable-native-access=" + callersOfNativeCode(),
                JdkWarning.SILENT, // this JVM has warned
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData"));
        if (!namesCollector(jvmArguments) && FROM_THE_ENVIRONMENT.stream().noneMatch(
                name -> namesCollector(List.of(environment.getOrDefault(name, "").split("\\s+"))))) {
            // The one that starts first and takes least. Two are an error of the JVM.
            command.add("-XX:+UseSerialGC");
        }
        // As other collectors have it: or a long loop that only counts would keep a child alive whose parent is gone.
        command.add("-XX:+UseCountedLoopSafepoints");
        command.add("-XX:LoopStripMiningIter=1000");
        // Whether it may be looked into goes for what it starts as well.
        String observe = System.getProperty(OBSERVE);
        if (observe != null) {
            command.add("-D" + OBSERVE + "=" + observe);
        }
        command.addAll(jvmArguments);
        return command;
    }
}
