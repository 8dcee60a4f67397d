package dev.heddle.json;

import dev.heddle.http.ParameterFault.In;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document of an {@link Api} (OpenAPI 3.1.1), which most tools read; with a QUERY in it 3.2.0, whose path items have
 * that method. Owned by the call that makes it.
 */
final class ApiDocument {

    private static final String OPENAPI = "3.1.1";
    private static final String WITH_QUERY = "3.2.0";
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROBLEM = "application/problem+json";

    private static final Pattern NOT_OF_AN_ID = Pattern.compile("[^A-Za-z0-9]+");

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final JsonMapper mapper;
    private final Schemas schemas;
    private final Set<String> ids = new HashSet<>();

    ApiDocument(JsonMapper mapper) {
        this.mapper = mapper;
        this.schemas = new Schemas(mapper);
    }

    String of(String title, String version, String description, String prefix, List<Api.Route> routes) {
        boolean hasQuery = routes.stream().anyMatch(route -> route.method().equals("QUERY"));
        ObjectNode document = nodes.objectNode().put("openapi", hasQuery ? WITH_QUERY : OPENAPI);
        ObjectNode info = document.putObject("info").put("title", title).put("version", version);
        if (!description.isEmpty()) {
            info.put("description", description);
        }
        document.putArray("servers").addObject().put("url", prefix);
        ObjectNode paths = document.putObject("paths");
        // What is sent first: its records refuse what they do not know.
        routes.forEach(route -> schemas.sent(route.body()));
        for (Api.Route route : routes) {
            String path = RouteParameters.PLACE.matcher(route.path()).replaceAll("{$1}");
            ObjectNode item = paths.get(path) instanceof ObjectNode known ? known : paths.putObject(path);
            item.set(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        ObjectNode components = schemas.components();
        if (!components.isEmpty()) {
            document.putObject("components").set("schemas", components);
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }

    private ObjectNode operation(Api.Route route) {
        Operation about = route.operation();
        ObjectNode node = nodes.objectNode();
        if (!about.tag().isEmpty()) {
            node.putArray("tags").add(about.tag());
        }
        if (!about.summary().isEmpty()) {
            node.put("summary", about.summary());
        }
        node.put("operationId", unique(about.id().isEmpty() ? id(route) : about.id()));
        ArrayNode parameters = nodes.arrayNode();
        Matcher places = RouteParameters.PLACE.matcher(route.path());
        while (places.find()) {
            parameters.add(place(places, about.parameters()));
        }
        about.parameters().stream()
                .filter(each -> each.in() == In.QUERY || each.in() == In.HEADER)
                .forEach(each -> parameters.add(parameter(each)));
        if (!parameters.isEmpty()) {
            node.set("parameters", parameters);
        }
        boolean hasBody = route.body() != Void.class;
        if (hasBody) {
            ObjectNode body = node.putObject("requestBody").put("required", true);
            body.putObject("content").putObject(JSON).set("schema", schemas.of(route.body()));
        }
        boolean hasForm = about.parameters().stream().anyMatch(each -> each.in() == In.FORM);
        if (hasForm) {
            form(node, about.parameters());
        }
        ObjectNode responses = node.putObject("responses");
        ObjectNode success = responses.putObject(Integer.toString(about.status())).put("description", "Success");
        if (about.status() != 204 && about.status() != 205) {
            success.putObject("content").putObject(JSON).set("schema", schemas.of(route.answer()));
        }
        if (hasBody || !about.parameters().isEmpty()) {
            String what = !hasBody
                    ? "A parameter"
                    : about.parameters().isEmpty() ? "The body" : "The body or a parameter";
            ObjectNode refused = error(responses, 400, what + " is not as described");
            refused.putObject("content").putObject(PROBLEM).set("schema", schemas.refusal());
        }
        if (hasBody || hasForm) {
            error(responses, 413, "The body is too long");
            error(responses, 415, "The body is not " + (hasBody ? JSON : FORM));
        }
        for (Map.Entry<Integer, String> error : about.errors().entrySet()) {
            error(responses, error.getKey(), error.getValue());
        }
        return node;
    }

    /** What the user says of a status stands in place of what is said by itself. */
    private static ObjectNode error(ObjectNode responses, int status, String meaning) {
        String code = Integer.toString(status);
        ObjectNode response = responses.get(code) instanceof ObjectNode known ? known : responses.putObject(code);
        return response.put("description", meaning);
    }

    /** The second of a name is {@code name_2}. */
    private String unique(String id) {
        String one = id;
        for (int i = 2; !ids.add(one); i++) {
            one = id + '_' + i;
        }
        return one;
    }

    /** {@code getOrdersId} for GET of {@code /orders/{id}}. */
    private static String id(Api.Route route) {
        var id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
        for (String part : NOT_OF_AN_ID.split(RouteParameters.PLACE.matcher(route.path()).replaceAll("$1"), -1)) {
            if (!part.isEmpty()) {
                id.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
            }
        }
        return id.toString();
    }

    private ObjectNode place(Matcher place, List<Parameter> parameters) {
        String name = place.group(1);
        Parameter told = parameters.stream()
                .filter(each -> each.in() == In.PATH && each.name().equals(name))
                .findFirst()
                .orElseGet(() -> Parameter.place(name, RouteParameters.type(place)));
        ObjectNode node = parameter(told);
        if (place.group(3) != null && told.text().isEmpty()) {
            node.put("description", "one or more segments");
        }
        return node;
    }

    private ObjectNode parameter(Parameter parameter) {
        ObjectNode node = nodes.objectNode().put("name", parameter.name()).put("in", parameter.in().toString())
                .put("required", parameter.required());
        if (!parameter.text().isEmpty()) {
            node.put("description", parameter.text());
        }
        node.set("schema", ParameterValue.schema(parameter));
        return node;
    }

    /** The body of a route that takes the fields of a form. */
    private static void form(ObjectNode operation, List<Parameter> parameters) {
        ObjectNode body = operation.putObject("requestBody").put("required", true);
        ObjectNode schema = body.putObject("content").putObject(FORM).putObject("schema").put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (Parameter each : parameters) {
            if (each.in() == In.FORM) {
                ObjectNode property = ParameterValue.schema(each);
                if (!each.text().isEmpty()) {
                    property.put("description", each.text());
                }
                properties.set(each.name(), property);
                if (each.required()) {
                    schema.withArray("required").add(each.name());
                }
            }
        }
    }
}
