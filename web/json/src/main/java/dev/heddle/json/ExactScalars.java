package dev.heddle.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalDoubleDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalIntDeserializer;
import tools.jackson.databind.ext.jdk8.OptionalLongDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.ArrayType;

/**
 * The part of a mapper that refuses forms of single values beside the one that they are written in: a number or a list
 * for a date, blanks around a text, a byte beyond its range, a name of a map with two spellings. Jackson takes them, and
 * the documents of routes forbid them.
 */
final class ExactScalars extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1L;

    /** Types that are a text in JSON, whose deserializers take more than that. */
    private static final Set<Class<?>> TEXTS = Set.of(
            LocalDate.class, LocalTime.class, LocalDateTime.class, Instant.class, OffsetDateTime.class,
            OffsetTime.class, ZonedDateTime.class, Duration.class, Period.class, MonthDay.class, YearMonth.class,
            ZoneId.class, ZoneOffset.class, Date.class, Calendar.class, GregorianCalendar.class, UUID.class, URI.class,
            URL.class, Locale.class, Currency.class, TimeZone.class, InetAddress.class, Class.class, byte[].class);

    /** How some texts begin, where a deserializer takes others; {@code PT5S} and not {@code 5}. */
    private static final Map<Class<?>, Pattern> FORMS = Map.of(
            Instant.class, Pattern.compile("[+-]?\\d{4,}-\\d\\d-\\d\\d[Tt].*"),
            OffsetDateTime.class, Pattern.compile("[+-]?\\d{4,}-\\d\\d-\\d\\d[Tt].*"),
            ZonedDateTime.class, Pattern.compile("[+-]?\\d{4,}-\\d\\d-\\d\\d[Tt].*"),
            LocalDateTime.class, Pattern.compile("[+-]?\\d{4,}-\\d\\d-\\d\\d[Tt][^Zz]*"),
            Date.class, Pattern.compile("\\d{4,}-\\d\\d-\\d\\d[Tt].*"),
            LocalTime.class, Pattern.compile("\\d\\d:[^Tt]*"),
            Duration.class, Pattern.compile("-?[Pp].*"),
            Period.class, Pattern.compile("-?[Pp].*"));

    /** Types that are no text in JSON, whose deserializers take some. */
    private static final Set<Class<?>> NO_TEXTS = Set.of(
            Year.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    static JacksonModule module() {
        var module = new SimpleModule("heddle-exact");
        module.setDeserializerModifier(new ExactScalars());
        // Jackson asks modifiers of all others.
        add(module, OptionalInt.class, new OptionalIntDeserializer());
        add(module, OptionalLong.class, new OptionalLongDeserializer());
        add(module, OptionalDouble.class, new OptionalDoubleDeserializer());
        return module;
    }

    @SuppressWarnings("unchecked")
    private static void add(SimpleModule module, Class<?> type, ValueDeserializer<?> standard) {
        module.addDeserializer((Class<Object>) type, new Exact(standard, type));
    }

    @Override
    public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier description,
            ValueDeserializer<?> deserializer) {
        Class<?> type = description.getBeanClass();
        boolean isKnown = TEXTS.contains(type) || NO_TEXTS.contains(type) || type == byte.class || type == Byte.class;
        return isKnown && isOfJackson(deserializer) ? new Exact(deserializer, type) : deserializer;
    }

    /** What the program brings along knows what it takes. */
    private static boolean isOfJackson(Object deserializer) {
        return deserializer.getClass().getName().startsWith("tools.jackson.");
    }

    @Override
    public ValueDeserializer<?> modifyEnumDeserializer(DeserializationConfig config, JavaType type,
            BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
        return isOfJackson(deserializer) ? new Exact(deserializer, type.getRawClass()) : deserializer;
    }

    @Override
    public ValueDeserializer<?> modifyArrayDeserializer(DeserializationConfig config, ArrayType type,
            BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
        return type.getRawClass() == byte[].class ? new Exact(deserializer, byte[].class) : deserializer;
    }

    @Override
    public KeyDeserializer modifyKeyDeserializer(
            DeserializationConfig config, JavaType type, KeyDeserializer deserializer) {
        return isOfJackson(deserializer) ? new ExactKey(deserializer, type.getRawClass()) : deserializer;
    }

    /** Whether a text is the form, or one of few, that its value is written in. */
    private static boolean isExact(Class<?> type, String text, @Nullable Object value) {
        if (!text.equals(text.strip()) || !text.equals(text.trim())) {
            return false;
        }
        Pattern form = FORMS.get(type);
        return (form == null || form.matcher(text).matches()) && switch (value) {
            case LocalDate date -> date.toString().equals(text);
            case YearMonth month -> month.toString().equals(text);
            case UUID id -> id.toString().equalsIgnoreCase(text);
            case Locale locale -> locale.toLanguageTag().equalsIgnoreCase(text.replace('_', '-'));
            case TimeZone zone -> zone.getID().equals(text);
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes).equals(text);
            case Class<?> named -> false;
            case null, default -> true;
        };
    }

    /** A deserializer that looks at what stands in the document too. */
    private static final class Exact extends DelegatingDeserializer {

        private final Class<?> type;

        Exact(ValueDeserializer<?> delegate, Class<?> type) {
            super(delegate);
            this.type = type;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> delegate) {
            return new Exact(delegate, type);
        }

        /** A form that the program has chosen, by {@code @JsonFormat} or for the type, is the one that is written. */
        @Override
        public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            JsonFormat.Value form = property == null
                    ? context.getConfig().getDefaultPropertyFormat(type)
                    : property.findPropertyFormat(context.getConfig(), type);
            return form.hasShape() || form.hasPattern()
                    ? _delegatee.createContextual(context, property)
                    : super.createContextual(context, property);
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            boolean isText = parser.hasToken(JsonToken.VALUE_STRING);
            if (isText ? NO_TEXTS.contains(type) : TEXTS.contains(type)) {
                return context.handleUnexpectedToken(context.constructType(type), parser);
            }
            String text = isText ? parser.getString() : "";
            if (parser.hasToken(JsonToken.VALUE_NUMBER_INT) && (type == byte.class || type == Byte.class)) {
                long number = parser.getLongValue();
                return number == (byte) number
                        ? (Object) (byte) number
                        : context.handleWeirdNumberValue(type, number, "no byte");
            }
            Object value = super.deserialize(parser, context);
            return isText && !isExact(type, text, value)
                    ? context.handleWeirdStringValue(type, text, "another form of it is written")
                    : value;
        }
    }

    /** A deserializer of the names of a map: each key has one, so that none is there twice. */
    private static final class ExactKey extends KeyDeserializer {

        private final KeyDeserializer delegate;
        private final Class<?> type;

        ExactKey(KeyDeserializer delegate, Class<?> type) {
            this.delegate = delegate;
            this.type = type;
        }

        @Override
        public @Nullable Object deserializeKey(String name, DeserializationContext context) {
            Object key = delegate.deserializeKey(name, context);
            boolean hasOneForm = key instanceof Number || key instanceof UUID || key instanceof Boolean
                    || key instanceof Temporal || key instanceof Duration || key instanceof Period;
            boolean exact = hasOneForm
                    ? String.valueOf(key).equals(name) && !isNoNumber(key)
                    : key instanceof String || isExact(type, name, key);
            return exact ? key : context.handleWeirdKey(type, name, "another form of it is written");
        }

        private static boolean isNoNumber(Object key) {
            return key instanceof Number number && !Double.isFinite(number.doubleValue());
        }
    }
}
