package dev.heddle.json;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * The positions of values in a document, by the way to them. The document is read once more for it, without what lies beside
 * the ways: only a document that is refused needs it. Owned by the call that makes it.
 */
final class Positions {

    /** A place on the way to values that are looked for. */
    private static final class Node {

        private final Map<Object, Node> next = new HashMap<>();
        private @Nullable TokenStreamLocation place;
    }

    private final Node root = new Node();

    /** Notes a value that is looked for. */
    void want(List<Reference> path) {
        Node at = root;
        for (Reference step : path) {
            at = at.next.computeIfAbsent(key(step), key -> new Node());
        }
    }

    /** Where it stands, once the document was read; null if that is not known. */
    @Nullable TokenStreamLocation of(List<Reference> path) {
        Node at = root;
        for (Reference step : path) {
            at = at.next.get(key(step));
            if (at == null) {
                return null;
            }
        }
        return at.place;
    }

    private static Object key(Reference step) {
        return step.getPropertyName() == null ? step.getIndex() : step.getPropertyName();
    }

    /** Reads the document as far as it can be read. */
    void find(JsonParser parser) {
        try {
            if (parser.nextToken() != null) {
                visit(parser, root);
            }
        } catch (JacksonException e) {
            // What was found until here is known, and the document is refused already.
        }
    }

    /** From the first token of a value to its last. */
    private static void visit(JsonParser parser, Node node) {
        node.place = parser.currentTokenLocation();
        JsonToken first = parser.currentToken();
        if (node.next.isEmpty()) {
            parser.skipChildren();
        } else if (first == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                Node next = node.next.get(parser.currentName());
                parser.nextToken();
                step(parser, next);
            }
        } else if (first == JsonToken.START_ARRAY) {
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                step(parser, node.next.get(index));
            }
        }
    }

    private static void step(JsonParser parser, @Nullable Node next) {
        if (next == null) {
            parser.skipChildren();
        } else {
            visit(parser, next);
        }
    }
}
