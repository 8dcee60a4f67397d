package dev.heddle.cli.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.heddle.Heddle;
import dev.heddle.internal.JdkFlags;
import dev.heddle.internal.JdkHook;
import dev.heddle.internal.JdkWarning;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The checks of the JVM and how it was started: JDK, flags, hooks, collector, form of objects, cache of a start. */
final class JvmCheck {

    /** What the launcher picks for each kind of command. */
    private static final String COLLECTORS = "heddle.collectors";

    private JvmCheck() {}

    static List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(jdk(Runtime.version(), System.getProperty("java.vendor")));
        findings.addAll(flags(JdkFlags.areGiven(), callsNativeCode()));
        findings.addAll(JdkFlags.areGiven() ? hooks(JdkHook::missing) : List.of());
        findings.add(collector(Optional.ofNullable(System.getProperty(COLLECTORS)), collectors(),
                Runtime.getRuntime().availableProcessors()));
        findings.add(objects(option("UseCompactObjectHeaders")));
        String cache = option("AOTCache").orElse("");
        // With a cache that does not fit, the JVM shares nothing at all.
        findings.add(cache(cache, System.getProperty("java.vm.info", "").contains("sharing")));
        return findings;
    }

    static Finding jdk(Runtime.Version version, String vendor) {
        String text = version + " (" + vendor + ")";
        if (JdkWarning.isUnsound(version)) {
            return Finding.wrong("JDK", "", text + ": " + JdkWarning.WHY, "run with " + JdkWarning.CURE);
        }
        return JdkWarning.isProven(version)
                ? Finding.ok("JDK", "", text + ", proven")
                : Finding.hint("JDK", "", text + ": expected to work, and not proven",
                        "the tests of Heddle run on JDK " + JdkHook.PROVEN);
    }

    static List<Finding> flags(boolean given, boolean callsNativeCode) {
        Finding needed = given
                ? Finding.ok("flags", "", "all that loops need are given")
                : Finding.wrong("flags", "", "no loop can begin without them, and hooks are not looked for",
                        "add to the java command: " + JdkFlags.text());
        return callsNativeCode
                ? List.of(needed)
                : List.of(needed, Finding.hint("flags", "",
                        "native access is not enabled: the JDK warns at each start, and a later one may refuse",
                        "--enable-native-access=ALL-UNNAMED"));
    }

    /** @param missing the member that a hook lacks; empty for none */
    static List<Finding> hooks(Function<JdkHook, Optional<String>> missing) {
        List<Finding> findings = new ArrayList<>();
        for (JdkHook hook : JdkHook.values()) {
            Optional<String> member = missing.apply(hook);
            String text = member.map(each -> "this JDK does not have " + each + ": " + hook.without()).orElse("there");
            String advice = "run with JDK " + JdkHook.PROVEN + ", or with a Heddle that is newer";
            findings.add(member.isEmpty()
                    ? Finding.ok("hook", hook.title(), text)
                    : hook.isNeeded()
                            ? Finding.wrong("hook", hook.title(), text, advice)
                            : Finding.hint("hook", hook.title(), text, advice));
        }
        return findings;
    }

    /**
     * Judges the collector.
     *
     * @param picked what the launcher picks, if it has started this
     * @param running the names of those that run here
     */
    static Finding collector(Optional<String> picked, List<String> running, int processors) {
        if (picked.isPresent()) {
            return Finding.ok("collector", "", picked.get());
        }
        String names = String.join(", ", running);
        boolean isG1 = running.stream().anyMatch(name -> name.startsWith("G1 "));
        return isG1 && processors <= 2
                ? Finding.hint("collector", "", names + ": its threads compete with the loop for " + processors
                        + (processors == 1 ? " processor" : " processors"),
                        processors == 1 ? "-XX:+UseSerialGC" : "-XX:+UseParallelGC")
                : Finding.ok("collector", "", names);
    }

    /** @param compact the option of this name, if this JVM has it */
    static Finding objects(Optional<String> compact) {
        return compact.orElse("").equals("false")
                ? Finding.hint("objects", "", "wide headers: a parked task takes 4 % more",
                        "-XX:+UseCompactObjectHeaders")
                : Finding.ok("objects", "", compact.isEmpty() ? "this JVM has one form of headers" : "compact headers");
    }

    /**
     * Judges the cache of a start.
     *
     * @param path empty for none
     */
    static Finding cache(String path, boolean isUsed) {
        if (path.isEmpty()) {
            return Finding.hint("start", "", "no AOT cache: a start takes up to twice as long",
                    "-XX:AOTCacheOutput=app.aot once, then -XX:AOTCache=app.aot; the heddle command makes its own where"
                            + " it may write");
        }
        return isUsed
                ? Finding.ok("start", "", "by an AOT cache, " + Path.of(path).getFileName())
                : Finding.hint("start", "", "the AOT cache does not fit this JVM, or is gone: " + path,
                        "make it anew, with the JDK and the options of the program");
    }

    private static boolean callsNativeCode() {
        return ModuleLayer.boot().findModule("dev.heddle.linux").orElse(Heddle.class.getModule())
                .isNativeAccessEnabled();
    }

    private static List<String> collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().map(GarbageCollectorMXBean::getName)
                .collect(Collectors.toList());
    }

    private static Optional<String> option(String name) {
        try {
            return Optional.ofNullable(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class))
                    .map(jvm -> jvm.getVMOption(name).getValue());
        } catch (IllegalArgumentException noSuchOption) {
            return Optional.empty();
        }
    }
}
