package dev.heddle.json;

import dev.heddle.http.ParameterFault;
import dev.heddle.http.ParameterFault.In;
import dev.heddle.http.StatusException;
import dev.heddle.http.server.Request;
import java.util.ArrayList;
import java.util.List;

/** The check of a request's parameters against those that its route tells of. No value is in what is refused. */
final class ParameterRules {

    private final List<ParameterFault> faults = new ArrayList<>();
    private final StringBuilder words = new StringBuilder();

    private ParameterRules() {}

    /**
     * Refuses a request whose parameters are not as the document says, with all that is wrong. The head is checked
     * before a form is read.
     *
     * @throws StatusException 400, a problem; what {@link Request#form()} throws
     */
    static void check(Request request, List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        var rules = new ParameterRules();
        for (Parameter parameter : parameters) {
            if (parameter.in() != In.FORM) {
                rules.check(parameter, values(request, parameter));
            }
        }
        rules.throwIfBroken();
        for (Parameter parameter : parameters) {
            if (parameter.in() == In.FORM) {
                rules.check(parameter, values(request, parameter));
            }
        }
        rules.throwIfBroken();
    }

    private void throwIfBroken() {
        if (!faults.isEmpty()) {
            throw new StatusException(words.toString(), faults);
        }
    }

    private static List<String> values(Request request, Parameter parameter) {
        String name = parameter.name();
        try {
            return switch (parameter.in()) {
                case QUERY -> request.queryAll(name);
                case HEADER -> request.headers().all(name);
                case PATH -> List.of(request.path(name));
                case FORM -> request.form().all(name);
            };
        } catch (StatusException malformed) {
            if (malformed.status() != 400) {
                throw malformed;
            }
            throw new StatusException(malformed.text(), List.of(new ParameterFault(parameter.in(), "", "", "")));
        }
    }

    private void check(Parameter parameter, List<String> values) {
        String place = place(parameter.in());
        String name = parameter.name();
        if (values.isEmpty()) {
            if (parameter.required()) {
                add(parameter, place + " lacks " + name, ParameterValue.expected(parameter.type()), "required");
            }
            return;
        }
        if (values.size() > 1) {
            add(parameter, place + " has " + name + " twice", "one value", "");
            return;
        }
        String text = values.getFirst();
        Object value = ParameterValue.of(text, parameter.type());
        if (value == null) {
            String expected = ParameterValue.expected(parameter.type());
            add(parameter, name + " in " + place + " must be " + expected, expected,
                    ParameterValue.rule(parameter.type()));
            return;
        }
        var steps = new PatternSteps(text.length());
        for (Rule rule : parameter.rules()) {
            if (!rule.holds(value, steps)) {
                String up = steps.takeOver() ? " (given up after too many steps)" : "";
                add(parameter, name + " in " + place + " " + rule.words() + up, rule.expected() + up, rule.keyword());
            }
        }
    }

    private void add(Parameter parameter, String sentence, String expected, String rule) {
        words.append(faults.isEmpty() ? "" : "; ").append(sentence);
        faults.add(new ParameterFault(parameter.in(), parameter.name(), expected, rule));
    }

    private static String place(In in) {
        return in == In.HEADER ? "the head" : "the " + in;
    }
}
