package dev.heddle.internal;

/** The flags by which the JDK lets Heddle in. */
public final class JdkFlags {

    private static final String LINUX = "dev.heddle.linux";

    private static final String OPENED = "java.lang";
    private static final String EXPORTED = "jdk.internal.vm";

    private JdkFlags() {}

    /** Whether the JVM has them, or something in their place. What is not there cannot be opened. */
    public static boolean areGiven() {
        Module base = Object.class.getModule();
        Module us = JdkFlags.class.getModule();
        return base.isOpen(OPENED, us)
                && (base.isExported(EXPORTED, us) || !base.getPackages().contains(EXPORTED));
    }

    /** The two without which there are no loops, and the one without which the JDK warns of native code at each start. */
    public static String text() {
        Module module = JdkFlags.class.getModule();
        String target = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return "--add-opens java.base/" + OPENED + "=" + target + " --add-exports java.base/" + EXPORTED + "=" + target
                + " --enable-native-access=" + target + linux(module);
    }

    /** A module that is not there would be warned about, too. */
    private static String linux(Module core) {
        ModuleLayer layer = core.getLayer();
        return layer != null && layer.findModule(LINUX).isPresent() ? "," + LINUX : "";
    }

    /** Where they stand if no command of the user's starts the JVM. */
    static String elsewhere() {
        return JdkFlags.class.getModule().isNamed()
                ? " (tests: argLine of Surefire; an image: --add-options of jlink, each with = behind its name)"
                : " (tests: argLine of Surefire, jvmArgs of Gradle; a jar that java -jar starts, shaded or not:"
                        + " its manifest, Add-Opens: java.base/java.lang, Add-Exports: java.base/jdk.internal.vm and"
                        + " Enable-Native-Access: ALL-UNNAMED)";
    }
}
