package dev.heddle.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A validator of JSON Schema 2020-12, for what the documents of routes have. A keyword that it does not know fails the
 * test, so that no rule is passed over. Formats are not looked at, as is the default of JSON Schema.
 */
final class SchemaChecker {

    private static final Set<String> NOTES = Set.of("format", "description", "contentEncoding", "discriminator");

    private final JsonNode document;

    SchemaChecker(JsonNode document) {
        this.document = document;
    }

    /** What of a value the schema does not allow, by path and keyword. */
    List<String> check(JsonNode schema, JsonNode value) {
        var broken = new ArrayList<String>();
        check(schema, value, "", broken);
        return broken;
    }

    private boolean isValid(JsonNode schema, JsonNode value) {
        return check(schema, value).isEmpty();
    }

    private void check(JsonNode schema, JsonNode value, String path, List<String> broken) {
        for (Map.Entry<String, JsonNode> rule : schema.properties()) {
            note(keeps(rule.getKey(), rule.getValue(), schema, value, path, broken), path + " " + rule.getKey(),
                    broken);
        }
    }

    private static void note(boolean kept, String what, List<String> broken) {
        if (!kept) {
            broken.add(what);
        }
    }

    private boolean keeps(
            String keyword, JsonNode rule, JsonNode schema, JsonNode value, String path, List<String> broken) {
        if (NOTES.contains(keyword)) {
            return true;
        }
        return switch (keyword) {
            case "$ref" -> {
                check(document.at(rule.stringValue().substring(1)), value, path, broken);
                yield true;
            }
            case "type" -> isOf(rule.stringValue(), value);
            case "const" -> rule.equals(value);
            case "enum" -> rule.valueStream().anyMatch(value::equals);
            case "anyOf" -> rule.valueStream().anyMatch(one -> isValid(one, value));
            case "allOf" -> rule.valueStream().allMatch(one -> isValid(one, value));
            case "oneOf" -> rule.valueStream().filter(one -> isValid(one, value)).count() == 1;
            case "minLength" -> !value.isString() || length(value) >= rule.intValue();
            case "maxLength" -> !value.isString() || length(value) <= rule.intValue();
            case "pattern" -> !value.isString() || pattern(rule).matcher(value.stringValue()).find();
            case "minimum" -> !value.isNumber() || number(value).compareTo(number(rule)) >= 0;
            case "maximum" -> !value.isNumber() || number(value).compareTo(number(rule)) <= 0;
            case "exclusiveMinimum" -> !value.isNumber() || number(value).compareTo(number(rule)) > 0;
            case "exclusiveMaximum" -> !value.isNumber() || number(value).compareTo(number(rule)) < 0;
            case "multipleOf" -> !value.isNumber() || number(value).remainder(number(rule)).signum() == 0;
            case "minItems" -> !value.isArray() || value.size() >= rule.intValue();
            case "maxItems" -> !value.isArray() || value.size() <= rule.intValue();
            case "uniqueItems" -> !value.isArray() || value.valueStream().distinct().count() == value.size();
            case "minProperties" -> !value.isObject() || value.size() >= rule.intValue();
            case "maxProperties" -> !value.isObject() || value.size() <= rule.intValue();
            case "required" -> !value.isObject() || rule.valueStream().allMatch(name -> value.has(name.stringValue()));
            case "items" -> {
                for (int i = 0; value.isArray() && i < value.size(); i++) {
                    check(rule, value.get(i), path + "/" + i, broken);
                }
                yield true;
            }
            case "properties" -> {
                rule.forEachEntry((name, one) -> {
                    if (value.has(name)) {
                        check(one, value.get(name), path + "/" + name, broken);
                    }
                });
                yield true;
            }
            case "propertyNames" -> {
                value.propertyNames().forEach(name -> check(rule,
                        tools.jackson.databind.node.StringNode.valueOf(name), path + "/" + name, broken));
                yield true;
            }
            case "additionalProperties" -> {
                boolean kept = true;
                for (String name : value.propertyNames()) {
                    if (!schema.path("properties").has(name) && rule.isBoolean()) {
                        kept &= rule.booleanValue();
                    } else if (!schema.path("properties").has(name)) {
                        check(rule, value.get(name), path + "/" + name, broken);
                    }
                }
                yield kept;
            }
            default -> throw new AssertionError("no such keyword is known: " + keyword);
        };
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "number" -> value.isNumber();
            case "integer" -> value.isNumber() && number(value).stripTrailingZeros().scale() <= 0;
            default -> throw new AssertionError("no such type is known: " + type);
        };
    }

    /** As JavaScript takes it, whose white space is more than Java's. */
    private static Pattern pattern(JsonNode rule) {
        return Pattern.compile(rule.stringValue().replace("\\S", "[^\\s\\ufeff\\u2028\\u2029\\p{Zs}]"));
    }

    private static int length(JsonNode text) {
        return text.stringValue().codePointCount(0, text.stringValue().length());
    }

    private static BigDecimal number(JsonNode value) {
        return new BigDecimal(value.toString());
    }
}
