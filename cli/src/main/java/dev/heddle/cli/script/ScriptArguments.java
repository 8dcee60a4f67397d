package dev.heddle.cli.script;

import dev.heddle.cli.command.Format;
import dev.heddle.cli.command.Spelling;
import dev.heddle.cli.command.UsageException;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments of {@code heddle run}, taken apart: options end at the file, and all behind it is the program's.
 *
 * @param classPaths the values of {@code --class-path}, in order
 * @param program the file, or the name of an example
 * @param rest what the program is given
 */
public record ScriptArguments(List<String> classPaths, String program, List<String> rest) {

    static final String CLASS_PATH = "--class-path";

    private static final List<String> OPTIONS = List.of(CLASS_PATH);

    /**
     * Takes them apart.
     *
     * @throws UsageException on an unknown option, a missing value, or without a file
     */
    public static ScriptArguments parse(List<String> words) {
        List<String> classPaths = new ArrayList<>();
        int at = 0;
        while (at < words.size() && words.get(at).startsWith("-")) {
            String word = words.get(at++);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                throw new UsageException("unknown option " + Format.printable(name) + Spelling.hint(name, OPTIONS)
                        + "; options of the JVM go into HEDDLE_JAVA_OPTS");
            }
            if (equals < 0 && at == words.size()) {
                throw new UsageException(name + " needs a value");
            }
            classPaths.add(equals < 0 ? words.get(at++) : word.substring(equals + 1));
        }
        if (at == words.size()) {
            throw new UsageException("no file given");
        }
        if (words.get(at).isBlank()) {
            throw new UsageException("the file is empty");
        }
        return new ScriptArguments(
                List.copyOf(classPaths), words.get(at), List.copyOf(words.subList(at + 1, words.size())));
    }

    /** The words of the options, as they can be given again. */
    public List<String> options() {
        return classPaths.stream().map(path -> CLASS_PATH + "=" + path).toList();
    }
}
