package dev.heddle.observe.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request: a verb and its arguments, as they stand in one line of text.
 *
 * <pre>tree name=fetch%2017 max=100</pre>
 *
 * @param arguments by their names, decoded
 */
public record ViewRequest(String verb, Map<String, String> arguments) {

    /** Most bytes of a line. */
    static final int MAX_BYTES = 1024;

    public ViewRequest {
        arguments = Map.copyOf(arguments);
    }

    /**
     * Reads a line without its end.
     *
     * @throws BadRequestException if it is none of ours
     */
    static ViewRequest parse(String line) throws BadRequestException {
        List<String> words = new ArrayList<>(List.of(line.strip().split(" +", -1)));
        String verb = words.removeFirst();
        if (!verb.matches("[a-z]{1,20}")) {
            throw new BadRequestException("a request begins with a verb, such as: tree");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new BadRequestException("an argument is written as name=value");
            }
            if (arguments.put(word.substring(0, equals), decoded(word.substring(equals + 1))) != null) {
                throw new BadRequestException("an argument is given twice");
            }
        }
        return new ViewRequest(verb, arguments);
    }

    private static String decoded(String value) throws BadRequestException {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("an argument is not percent-encoded as it should be");
        }
    }

    /** An argument, if it was given. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(arguments.get(name));
    }

    /** Whether an argument is given as 1. */
    public boolean flag(String name) {
        return "1".equals(arguments.get(name));
    }

    /**
     * A whole number within limits.
     *
     * @throws BadRequestException if it is none
     */
    public long number(String name, long least, long most, long otherwise) throws BadRequestException {
        String value = arguments.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadRequestException(name + " is a number from " + least + " to " + most);
    }
}
