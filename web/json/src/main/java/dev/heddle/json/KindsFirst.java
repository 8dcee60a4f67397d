package dev.heddle.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A second reading of a refused document, with the texts of each object in front. An object that names its kind at its
 * end is kept until then, and in what is kept Jackson does not know the way from the root; so, with the kind in front,
 * nothing is kept, and each broken rule has its way.
 */
final class KindsFirst {

    private KindsFirst() {}

    /** The broken rules of the document; null if they did not come again. */
    static @Nullable Findings find(byte[] document, JavaType type, JsonMapper mapper) {
        var findings = new Findings(document.length);
        try {
            JsonNode tree = mapper.readerFor(JsonNode.class)
                    .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .readValue(document);
            try (JsonParser parser = new FiniteParser(mapper.treeAsTokens(ordered(tree)))) {
                mapper.readerFor(type).withAttribute(Findings.class, findings).readValue(parser);
            }
        } catch (JacksonException e) {
            // What ends it is told already; what was found until here counts.
        }
        return findings.isEmpty() ? null : findings;
    }

    private static JsonNode ordered(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode ordered = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    if (field.getValue().isString()) {
                        ordered.set(field.getKey(), field.getValue());
                    }
                }
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    if (!field.getValue().isString()) {
                        ordered.set(field.getKey(), ordered(field.getValue()));
                    }
                }
                yield ordered;
            }
            case ArrayNode array -> {
                ArrayNode ordered = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(each -> ordered.add(ordered(each)));
                yield ordered;
            }
            default -> node;
        };
    }
}
