package dev.heddle.json;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema of what a refused request is answered with (RFC 9457), by the server: the same for all routes. */
final class RefusalSchema {

    /** How the document calls it. */
    static final String NAME = "RefusedRequest";

    private RefusalSchema() {}

    static ObjectNode make(JsonNodeFactory nodes) {
        ObjectNode problem = nodes.objectNode().put("type", "object");
        problem.putArray("required").add("type").add("title").add("status").add("detail").add("errors");
        ObjectNode properties = problem.putObject("properties");
        text(properties, "type").put("format", "uri");
        text(properties, "title");
        properties.putObject("status").put("type", "integer");
        text(properties, "detail");
        ObjectNode error = properties.putObject("errors").put("type", "array").putObject("items").put("type", "object");
        ObjectNode parts = error.putObject("properties");
        text(parts, "pointer").put("format", "json-pointer").put("description", "where it stands in the body");
        text(parts, "parameter").put("description", "the parameter's name, where it is no matter of the body");
        text(parts, "in").putArray("enum").add("query").add("path").add("header").add("form");
        text(parts, "expected").put("description", "what must stand there");
        text(parts, "rule").put("description", "the keyword of the schema that is broken");
        parts.putObject("line").put("type", "integer");
        parts.putObject("column").put("type", "integer");
        error.putArray("oneOf").add(required(nodes, "pointer")).add(required(nodes, "parameter"));
        return problem;
    }

    private static ObjectNode text(ObjectNode properties, String name) {
        return properties.putObject(name).put("type", "string");
    }

    private static ObjectNode required(JsonNodeFactory nodes, String name) {
        ObjectNode schema = nodes.objectNode();
        schema.putArray("required").add(name);
        return schema;
    }
}
