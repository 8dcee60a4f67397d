package dev.heddle.cli.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The arguments of one command, taken apart: options, flags and the rest in its order.
 *
 * <p>Understood are {@code -c 5}, {@code -c5}, {@code --limit 5}, {@code --limit=5}, and {@code --}, after which
 * nothing is an option. A single {@code -} is no option. Of an option given twice the last value counts, where not all
 * do.
 */
public final class Arguments {

    /** In the digits of ASCII: others look like those of some other number. */
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

    private final Map<String, List<String>> values = new HashMap<>();

    /** How each option was spelled, the last time. */
    private final Map<String, String> typed = new HashMap<>();
    private final List<String> rest = new ArrayList<>();

    private Arguments() {}

    /** Collects which options a command knows. */
    public static final class Syntax {

        private final Map<String, Boolean> takesValue = new HashMap<>();
        private final Map<String, String> canonical = new HashMap<>();

        private Syntax() {}

        /** An option with a value, and its other spellings. */
        public Syntax option(String name, String... aliases) {
            return add(name, true, aliases);
        }

        /** An option without a value. */
        public Syntax flag(String name, String... aliases) {
            return add(name, false, aliases);
        }

        private Syntax add(String name, boolean value, String... aliases) {
            takesValue.put(name, value);
            canonical.put(name, name);
            for (String alias : aliases) {
                canonical.put(alias, name);
            }
            return this;
        }

        /**
         * Takes the arguments apart.
         *
         * @throws UsageException on an unknown option, a missing value, or a value for a flag
         */
        public Arguments parse(List<String> words) {
            var parsed = new Arguments();
            for (int i = 0; i < words.size(); i++) {
                String word = words.get(i);
                if (word.equals("--")) {
                    parsed.rest.addAll(words.subList(i + 1, words.size()));
                    break;
                }
                if (!word.startsWith("-") || word.equals("-")) {
                    parsed.rest.add(word);
                    continue;
                }
                String spelling = spelling(word);
                String name = canonical.get(spelling);
                if (name == null) {
                    throw new UsageException(unknown(spelling));
                }
                parsed.typed.put(name, spelling);
                boolean attached = spelling.length() < word.length();
                if (!takesValue.getOrDefault(name, false)) {
                    if (attached) {
                        throw new UsageException(spelling + " takes no value");
                    }
                    parsed.add(name, "");
                } else if (attached) {
                    int from = spelling.length();
                    parsed.add(name, word.substring(word.charAt(from) == '=' ? from + 1 : from));
                } else if (i + 1 < words.size()) {
                    parsed.add(name, words.get(++i));
                } else {
                    throw new UsageException(spelling + " needs a value");
                }
            }
            return parsed;
        }

        /** The part of a word that names the option. */
        private static String spelling(String word) {
            if (!word.startsWith("--")) {
                return word.substring(0, 2);
            }
            int equals = word.indexOf('=');
            return equals < 0 ? word : word.substring(0, equals);
        }

        private String unknown(String spelling) {
            return "unknown option " + HumanFormat.printable(spelling) + Spelling.hint(spelling, canonical.keySet());
        }
    }

    public static Syntax syntax() {
        return new Syntax();
    }

    private void add(String name, String value) {
        values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
    }

    /** An option as the user has written it, for messages. */
    public String typed(String name) {
        return typed.getOrDefault(name, name);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Optional<String> value(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /**
     * The value of an option that names something.
     *
     * @param what what it names, for the message
     * @throws UsageException if it is empty
     */
    public Optional<String> name(String option, String what) {
        Optional<String> value = value(option);
        if (value.filter(String::isBlank).isPresent()) {
            throw new UsageException(
                    typed(option) + " needs " + what + ", not \"" + HumanFormat.printable(value.get()) + "\"");
        }
        return value;
    }

    /** All values of an option that may be given several times, in order. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** What is no option, in order. */
    public List<String> rest() {
        return List.copyOf(rest);
    }

    /**
     * A whole number.
     *
     * @throws UsageException if it is none or outside the bounds, both included
     */
    public int number(String name, int fallback, int least, int most) {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return fallback;
        }
        String text = value.get();
        if (WHOLE.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return (int) number;
            }
        }
        throw new UsageException(typed(name) + " needs a whole number from " + least + " to " + most + ", not \""
                + HumanFormat.printable(text) + "\"");
    }

    /**
     * A duration, as {@link DurationText} reads it.
     *
     * @throws UsageException if it is none or outside the bounds
     */
    public Duration duration(String name, Duration fallback) {
        return value(name).map(text -> DurationText.parse(typed(name), text)).orElse(fallback);
    }
}
