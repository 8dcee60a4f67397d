package dev.heddle.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;

/** The broken rules of one document, as they are found while it is read. Owned by the task that reads. */
final class Findings {

    /** Most broken rules that are told of one document. */
    static final int MAX = 32;

    /**
     * One broken rule.
     *
     * @param name whether it is broken by a name in the object that the path leads to the member of
     */
    record Finding(List<Reference> path, Rule rule, boolean name, boolean givenUp) {}

    private final List<Finding> all = new ArrayList<>();
    private final PatternSteps steps;
    private boolean buffered;

    Findings(int documentBytes) {
        this.steps = new PatternSteps(documentBytes);
    }

    List<Finding> all() {
        return all;
    }

    /** Whether there may be more than are told. */
    boolean isFull() {
        return all.size() >= MAX;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Checks a value that has just been read, with what it holds. */
    void check(Rules rules, Object value, JsonParser parser) {
        int before = all.size();
        check(rules, value, parser.streamReadContext(), null);
        buffered |= all.size() > before && !(parser instanceof FiniteParser);
    }

    /** Notes a rule that the value which has just been read is known to break. */
    void add(Rule rule, JsonParser parser) {
        if (!isFull()) {
            all.add(new Finding(path(parser.streamReadContext(), null), rule, false, false));
            buffered |= !(parser instanceof FiniteParser);
        }
    }

    /** Whether some were found in a copy of a part of the document, where the way to them is not sure. */
    boolean areBuffered() {
        return buffered;
    }

    private void check(Rules rules, @Nullable Object read, TokenStreamContext place, @Nullable Step inner) {
        Object value = Rules.unwrapped(read);
        if (value == null || isFull()) {
            return;
        }
        keep(rules.own(), value, place, inner, false);
        Rules content = rules.content();
        if (value instanceof Map<?, ?> map) {
            Rules keys = rules.keys();
            map.forEach((key, each) -> {
                var step = new Step(inner, String.valueOf(key), -1);
                if (keys != null && key != null && !isFull()) {
                    keep(keys.own(), key, place, step, true);
                }
                if (content != null) {
                    check(content, each, place, step);
                }
            });
        } else if (content != null) {
            elements(content, value, place, inner);
        }
    }

    private void elements(Rules content, Object value, TokenStreamContext place, @Nullable Step inner) {
        if (value instanceof Object[] array) {
            elements(content, Arrays.asList(array), place, inner);
        } else if (value instanceof Iterable<?> elements) {
            // The elements of some sets stand in another order than in the document.
            boolean ordered = value instanceof List || value instanceof LinkedHashSet;
            int index = 0;
            for (Object each : elements) {
                check(content, each, place, ordered ? new Step(inner, null, index++) : inner);
            }
        }
    }

    private void keep(
            List<Rule> rules, Object value, TokenStreamContext place, @Nullable Step inner, boolean name) {
        for (Rule rule : rules) {
            if (!isFull() && !rule.holds(value, steps)) {
                all.add(new Finding(path(place, inner), rule, name, steps.takeOver()));
            }
        }
    }

    /** A step from a value to what it holds. */
    private record Step(@Nullable Step before, @Nullable String name, int index) {}

    private static List<Reference> path(TokenStreamContext place, @Nullable Step inner) {
        var path = new ArrayList<Reference>();
        for (TokenStreamContext at = place; at != null; at = at.getParent()) {
            if (at.inObject() && at.currentName() != null) {
                path.add(new Reference(null, at.currentName()));
            } else if (at.inArray()) {
                path.add(new Reference(null, at.getCurrentIndex()));
            }
        }
        List<Reference> whole = new ArrayList<>(path.reversed());
        int end = whole.size();
        for (Step step = inner; step != null; step = step.before()) {
            whole.add(end, step.name() == null
                    ? new Reference(null, step.index())
                    : new Reference(null, step.name()));
        }
        return whole;
    }
}
