package dev.heddle.cli.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options of the JVM that its compiler must know too. They come by the environment: the {@code heddle} script puts
 * {@code HEDDLE_JAVA_OPTS} on the command line, and Java reads the other variables itself.
 */
final class ScriptOptions {

    private static final List<String> VARIABLES = List.of("HEDDLE_JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS");

    private static final String PREVIEW = "--enable-preview";

    /** Those with a value, behind an equals sign or as the next word. */
    private static final List<String> WITH_VALUE = List.of("--add-modules", "--add-exports", "--limit-modules",
            "--module-path", "--patch-module", "--upgrade-module-path");

    private ScriptOptions() {}

    static List<String> of(Map<String, String> environment) {
        List<String> options = new ArrayList<>();
        for (String variable : VARIABLES) {
            String[] words = environment.getOrDefault(variable, "").strip().split("\\s+", -1);
            for (int i = 0; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                String name = equals < 0 ? words[i] : words[i].substring(0, equals);
                if (name.equals(PREVIEW) && !options.contains(PREVIEW)) {
                    options.addAll(List.of(PREVIEW, "--source", Integer.toString(Runtime.version().feature())));
                } else if (WITH_VALUE.contains(name) && (equals >= 0 || i + 1 < words.length)) {
                    options.addAll(List.of(name, equals < 0 ? words[++i] : words[i].substring(equals + 1)));
                }
            }
        }
        return List.copyOf(options);
    }
}
