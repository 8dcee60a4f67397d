package dev.heddle.json;

import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.http.JsonCodec;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.type.LogicalType;

/**
 * A strict JSON codec by Jackson 3: what one reader could take in two ways, or what would come out as something else
 * than it went in, is refused.
 *
 * <pre>{@code
 * HttpServer.builder().json(new JacksonCodec());                     // what is found by itself too
 * HttpServer.builder().json(JacksonCodec.skippingUnknownFields());   // requests may say more than is known
 * HttpServer.builder().json(new JacksonCodec(JacksonCodec.exact()
 *         .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
 *         .build()));
 * }</pre>
 *
 * <p>Refused in every document: anything behind its value, a name twice in one object, more than {@value #MAX_DEPTH}
 * levels, a number of more than {@value #MAX_NUMBER_LENGTH} characters, a decimal with an exponent beyond 10,000 or, where a {@code double} or {@code float} is
 * read, beyond its range, NaN and Infinity, any encoding but UTF-8, a text where a number is wanted and the other way
 * round, a fraction where an integer is, and null for a primitive; a number, a list or another text for a date, a time
 * and their kin, of which only the form is taken that they are written in; blanks around such a text, an enum, a URI; a
 * byte beyond its range, or bytes that are no Base64 (RFC 4648, section 4); a key of a map that is not as it would be
 * written, since two spellings of one would be two. Never does a document name a class. Taken: a byte order mark; an escaped half of a surrogate pair, which stays one.
 *
 * <p>The body of a request must be understood whole, so these are refused in it too:
 *
 * <ul>
 * <li>a field that its record does not have;
 * <li>no field for a component, or null, unless the component is {@code Optional}, {@code OptionalInt} and the like, or
 *     has an annotation named {@code Nullable}, from whatever library, that is there at run time, or
 *     {@code @JsonProperty(isRequired = OptBoolean.FALSE)}: then it is empty, null, zero or false;
 * <li>null in a component's list, array or map, unless its elements are {@code @Nullable}, {@code Optional} or
 *     {@code Object}; what holds for a list of lists holds for those in it. Null in an array that is the document.
 * </ul>
 *
 * <p>Annotations of Jakarta Validation on a record's components, and on what is in their lists, maps and optionals, are
 * rules of their values: {@code @Size}, {@code @NotBlank}, {@code @Pattern}, {@code @Email}, {@code @Min}, {@code @Max},
 * {@code @Positive} and the others but those of time. All that are broken are told at once, up to 32, each with the
 * keyword of JSON Schema for it. A rule that cannot be checked makes its record one that cannot be read. Texts are
 * counted in characters of Unicode, and the steps of patterns are counted too: what has found no end after 100,000 of
 * them, and 20 more for each byte of the document, is refused.
 *
 * <p>Replies that a client reads may say more: fields that the type does not have are skipped, so that a newer server
 * can be understood, and those that are not there are null, zero or false. So it is in requests for types that are no
 * records, but for unknown fields. A record takes unknown fields with {@code @JsonIgnoreProperties(ignoreUnknown =
 * true)}, a server with {@link #skippingUnknownFields}.
 *
 * <p>A document that is no such value is refused with the first field of a wrong type or form, what it must be and where it
 * stands: "order.lines[2].price must be a number of 64 bits, not a text, at line 4, column 17". Missing and unknown
 * fields have the end of their object for a place. No value of the document is told. Names, which may come from the
 * peer, are cut at 64 characters, a path at 400, and all but harmless ASCII is escaped. The cause, for the log, has up
 * to 500 characters of Jackson's words, which may quote the document.
 *
 * <p>A failing constructor of the type refuses the document. NaN and Infinity are not written, nor what contains
 * itself.
 *
 * <p>The first use of each type takes long, and of the first type longest: it is worth a try at the start.
 *
 * <p>Threads: any, many at a time. To test code that uses it, use it.
 *
 * <p>Cancellation: nothing waits. Where patterns take long, the other tasks of the loop have their turns at least every
 * 100,000 steps; a read that is cancelled by then throws {@link CancelledException}.
 */
public final class JacksonCodec implements JsonCodec {

    /** Most levels of arrays and objects in each other. */
    public static final int MAX_DEPTH = 100;

    /** Most characters of a number. */
    public static final int MAX_NUMBER_LENGTH = 1000;

    private final JsonMapper mapper;
    private final JsonMapper requests;
    private final boolean exact;

    /** A codec with the mapper {@link #exact()} for requests and {@link #strict()} for all else. */
    public JacksonCodec() {
        this(strict().build(), exact().build());
    }

    /**
     * A codec with a mapper of the program's own, for requests too: best made from {@link #exact()} or {@link
     * #strict()}. What the mapper leaves open is open.
     *
     * @param mapper its own {@code readValue} is not used, so that numbers beyond their range and other encodings stay
     *     out
     */
    public JacksonCodec(JsonMapper mapper) {
        this(mapper, mapper);
    }

    private JacksonCodec(JsonMapper mapper, JsonMapper requests) {
        this.mapper = Objects.requireNonNull(mapper);
        this.requests = requests;
        this.exact = RequiredComponents.isIn(requests);
    }

    /** A codec that skips fields of a request which its type does not have, and is else as {@link #JacksonCodec()}. */
    public static JacksonCodec skippingUnknownFields() {
        return new JacksonCodec(strict().build(),
                exact().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build());
    }

    /** The settings that {@link #JacksonCodec()} has for requests, to change some. */
    public static JsonMapper.Builder exact() {
        JsonMapper.Builder builder = strict()
                .addModule(ValueRules.module())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        // Behind Jackson's own, so that an annotation of the program counts first.
        return builder.annotationIntrospector(
                AnnotationIntrospector.pair(builder.annotationIntrospector(), new RequiredComponents()));
    }

    /** The settings that {@link #JacksonCodec()} has for all but requests, to change some. */
    public static JsonMapper.Builder strict() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                // One per thread, as is the default, would be one for each task.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .addDecorator((json, generator) -> new FiniteGenerator(generator))
                .build();
        return JsonMapper.builder(factory)
                .addModule(FiniteDeserializer.module())
                .addModule(ExactScalars.module())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, text -> text
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().build());
    }

    @Override
    public byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    @Override
    public @Nullable Object read(byte[] document, Type type) {
        return read(mapper, document, type);
    }

    @Override
    public @Nullable Object readRequest(byte[] document, Type type) {
        Object value = read(requests, document, type);
        if (exact && value instanceof Object[] array) {
            RequiredComponents.requireElements(array, requests);
        }
        return value;
    }

    private static @Nullable Object read(JsonMapper mapper, byte[] document, Type type) {
        Utf8.require(document);
        JavaType wanted = mapper.constructType(type);
        var findings = new Findings(document.length);
        try (var parser = new FiniteParser(mapper.createParser(document))) {
            try {
                Object value = mapper.readerFor(wanted).withAttribute(Findings.class, findings).readValue(parser);
                if (!findings.isEmpty()) {
                    throw RuleRefusal.of(findings, null, document, wanted, parser, mapper);
                }
                return value;
            } catch (InvalidDefinitionException e) {
                throw new IllegalArgumentException("a " + type.getTypeName() + " cannot be read from JSON", e);
            } catch (JacksonException e) {
                // What ends the search of a pattern comes wrapped by Jackson.
                CancelScope.throwIfCancelled();
                throw RuleRefusal.of(findings, e, document, wanted, parser, mapper);
            }
        }
    }

    @Override
    public String toString() {
        return "JacksonCodec";
    }
}
