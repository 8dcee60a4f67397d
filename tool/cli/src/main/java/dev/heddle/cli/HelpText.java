package dev.heddle.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The help of a command, taken apart: what the manual page and the completion of shells are made from, so that they say
 * the same.
 */
final class HelpText {

    private static final Pattern OPTION = Pattern
            .compile("^ {2,6}(?:(?<letter>-\\w), )?(?<word>--[\\w-]+)(?: (?<argument>[A-Z]+))? {2,}(?<text>.*)$");

    private final String text;

    HelpText(String text) {
        this.text = text;
    }

    /**
     * An option.
     *
     * @param letter its short form with the dash, if it has one
     * @param word its long form with the dashes
     * @param argument the name of its value, if it takes one
     */
    record Option(@Nullable String letter, String word, @Nullable String argument, String text) {

        /** What it does, up to the first clause's end. */
        String brief() {
            return text.split(";| \\(", 2)[0].strip();
        }
    }

    /** Lines without a blank one between them. */
    List<String> blocks() {
        return List.of(text.strip().split("\n\\s*\n", -1));
    }

    /** The options in all blocks. */
    List<Option> options() {
        return options(text);
    }

    /** The options in a block; empty if it is of another kind. */
    static List<Option> options(String block) {
        List<Option> options = new ArrayList<>();
        for (String line : block.lines().toList()) {
            Matcher option = OPTION.matcher(line);
            if (option.matches()) {
                options.add(new Option(
                        option.group("letter"), option.group("word"), option.group("argument"), option.group("text")));
            } else if (!options.isEmpty() && line.startsWith("          ")) {
                Option last = options.removeLast();
                options.add(new Option(last.letter(), last.word(), last.argument(), last.text() + " " + line.strip()));
            }
        }
        return options;
    }
}
