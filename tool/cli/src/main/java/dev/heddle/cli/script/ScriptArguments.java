package dev.heddle.cli.script;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.Spelling;
import dev.heddle.cli.command.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The arguments of {@code heddle run}, taken apart: options end at the file, and all behind it is the program's.
 *
 * @param classPaths the values of {@code --class-path}, in order
 * @param dependencies the values of {@code --dep}, in order
 * @param watch whether {@code --watch} is there: the program is to be started again when it changes
 * @param program the file, or the name of an example
 * @param rest what the program is given
 */
public record ScriptArguments(
        List<String> classPaths, List<String> dependencies, boolean watch, String program, List<String> rest) {

    static final String CLASS_PATH = "--class-path";
    static final String DEPENDENCY = "--dep";

    /** Most libraries that are named; what they need is not counted. */
    static final int MAX_DEPENDENCIES = 100;

    private static final String WATCH = "--watch";
    private static final List<String> OPTIONS = List.of(CLASS_PATH, DEPENDENCY, WATCH);

    /**
     * Takes them apart.
     *
     * @throws UsageException on an unknown option, a missing value, or without a file
     */
    public static ScriptArguments parse(List<String> words) {
        List<String> classPaths = new ArrayList<>();
        List<String> dependencies = new ArrayList<>();
        boolean watch = false;
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at++);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                throw new UsageException("unknown option " + HumanFormat.printable(name) + Spelling.hint(name, OPTIONS)
                        + "; options of the JVM go into HEDDLE_JAVA_OPTS");
            }
            if (name.equals(WATCH)) {
                if (equals >= 0) {
                    throw new UsageException(WATCH + " takes no value");
                }
                watch = true;
                continue;
            }
            if (equals < 0 && at == words.size()) {
                throw new UsageException(name + " needs a value");
            }
            String value = equals < 0 ? words.get(at++) : word.substring(equals + 1);
            (name.equals(CLASS_PATH) ? classPaths : dependencies).add(value);
        }
        if (at == words.size()) {
            throw new UsageException("no file given");
        }
        if (words.get(at).isBlank()) {
            throw new UsageException("the file is empty");
        }
        if (dependencies.size() > MAX_DEPENDENCIES) {
            throw new UsageException("more than " + MAX_DEPENDENCIES + " times " + DEPENDENCY);
        }
        dependencies.forEach(Coordinates::parse);
        return new ScriptArguments(
                List.copyOf(classPaths), List.copyOf(dependencies), watch, words.get(at),
                List.copyOf(words.subList(at + 1, words.size())));
    }

    /** The words of the options, as the program's own JVM is given them. */
    public List<String> options() {
        return Stream.concat(
                classPaths.stream().map(path -> CLASS_PATH + "=" + path),
                dependencies.stream().map(name -> DEPENDENCY + "=" + name)).toList();
    }
}
