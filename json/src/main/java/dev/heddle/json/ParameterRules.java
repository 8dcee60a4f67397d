package dev.heddle.json;

import dev.heddle.http.ParameterFault;
import dev.heddle.http.ParameterFault.In;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** The check of a request's parameters against those that its route tells of. No value is in what is refused. */
final class ParameterRules {

    private ParameterRules() {}

    /**
     * Refuses a request whose query is not as the document says, with all that is wrong.
     *
     * @throws StatusException 400, a problem
     */
    static void check(Request request, List<Operation.Parameter> parameters) {
        List<ParameterFault> faults = null;
        var words = new StringBuilder();
        for (Operation.Parameter parameter : parameters) {
            List<String> values = values(request, parameter.name());
            if (isRight(request, parameter, values)) {
                continue;
            }
            if (faults == null) {
                faults = new ArrayList<>();
            } else {
                words.append("; ");
            }
            String name = parameter.name();
            String expected = expected(parameter.type());
            String rule = values.isEmpty() ? "required" : values.size() > 1 ? "" : rule(parameter.type());
            words.append(switch (values.size()) {
                case 0 -> "the query lacks " + name;
                case 1 -> name + " in the query must be " + expected;
                default -> "the query has " + name + " twice";
            });
            faults.add(new ParameterFault(In.QUERY, name, values.size() > 1 ? "one value" : expected, rule));
        }
        if (faults != null) {
            throw new StatusException(words.toString(), faults);
        }
    }

    private static List<String> values(Request request, String name) {
        try {
            return request.queryAll(name);
        } catch (StatusException malformed) {
            throw new StatusException(malformed.text(), List.of(new ParameterFault(In.QUERY, "", "", "")));
        }
    }

    private static boolean isRight(Request request, Operation.Parameter parameter, List<String> values) {
        return switch (values.size()) {
            case 0 -> !parameter.required();
            case 1 -> takes(request, parameter, values.getFirst());
            default -> false;
        };
    }

    private static boolean takes(Request request, Operation.Parameter parameter, String value) {
        Class<?> type = parameter.type();
        if (type.isEnum()) {
            return constants(type).contains(value);
        }
        try {
            if (type == Integer.class) {
                request.queryInt(parameter.name(), 0);
            } else if (type == Long.class) {
                request.queryLong(parameter.name(), 0);
            } else if (type == Boolean.class) {
                request.queryBoolean(parameter.name(), false);
            } else if (type == UUID.class) {
                return UUID.fromString(value).toString().equalsIgnoreCase(value);
            }
            return true;
        } catch (StatusException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + String.join(", ", constants(type));
        }
        return switch (type.getSimpleName()) {
            case "Integer" -> "an integer of 32 bits";
            case "Long" -> "an integer of 64 bits";
            case "Boolean" -> "true or false";
            case "String" -> "a text";
            default -> "a UUID";
        };
    }

    private static String rule(Class<?> type) {
        return type.isEnum() ? "enum" : type == UUID.class ? "format" : "type";
    }

    static List<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(each -> ((Enum<?>) each).name()).toList();
    }
}
