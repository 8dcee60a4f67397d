package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.heddle.http.JsonException;
import dev.heddle.http.JsonFault;
import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of a record's components are checked while it is read, and all that are broken are told at once. */
final class ValueRulesTest {

    private static final String NO_SUCH_VALUE = "the JSON does not match: ";

    private final JacksonCodec codec = new JacksonCodec();

    private <T> T taken(String document, Class<T> type) {
        return type.cast(Objects.requireNonNull(codec.readRequest(utf8(document), type)));
    }

    private JsonException refused(String document, Class<?> type) {
        JsonException refused = assertThrows(JsonException.class, () -> codec.readRequest(utf8(document), type),
                document);
        assertFalse(refused.text().contains("hunter2"), refused.text());
        assertTrue(refused.text().startsWith(NO_SUCH_VALUE), refused.text());
        return refused;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** One fault in the form of a line. */
    private static String line(JsonFault fault) {
        return fault.pointer() + " " + fault.rule() + ": " + fault.expected() + " @" + fault.line() + ":"
                + fault.column();
    }

    private List<String> faults(String document, Class<?> type) {
        return refused(document, type).faults().stream().map(ValueRulesTest::line).toList();
    }

    // ---- one rule ----

    record One(
            @Size(min = 2, max = 3) @Nullable String text, Optional<@NotBlank String> filled,
            @Pattern(regexp = "[A-Z]{3}-\\d+") @Nullable String sku, @Email @Nullable String mail,
            @Min(1) @Max(10) @Nullable Integer count, @PositiveOrZero @Nullable Long big,
            @DecimalMin("0.1") @DecimalMax(value = "0.9", inclusive = false) @Nullable Double part,
            @DecimalMax("0.1") @Nullable Float small, @Negative @Nullable BigInteger debt,
            @Digits(integer = 3, fraction = 2) @Nullable BigDecimal price, @AssertTrue @Nullable Boolean agreed,
            @Size(max = 2) @Nullable List<String> list, @NotEmpty Optional<String[]> array,
            @Size(max = 1) @Nullable Map<String, String> map, @Size(max = 4) byte @Nullable [] bytes,
            @Positive OptionalInt perhaps, @Size(max = 2) Optional<String> maybe, Optional<@Size(max = 2) String> inner,
            @Size(max = 2) @Nullable Set<String> set, @Min(3) @Nullable Short tiny) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"text\":\"a\"        | minLength | a text of at least 2 characters",
            "\"text\":\"abcd\"     | maxLength | a text of at most 3 characters",
            "\"filled\":\"\"       | pattern | a text that is not blank",
            "\"filled\":\" \\u00a0\\n\" | pattern | a text that is not blank",
            "\"sku\":\"ABC-1x\"    | pattern | a text that matches [A-Z]{3}-\\d+",
            "\"mail\":\"a@b@c\"    | format | an e-mail address",
            "\"count\":0           | minimum | at least 1",
            "\"count\":11          | maximum | at most 10",
            "\"big\":-1            | minimum | at least 0",
            "\"part\":0.09         | minimum | at least 0.1",
            "\"part\":0.9          | exclusiveMaximum | less than 0.9",
            "\"small\":0.11        | maximum | at most 0.1",
            "\"debt\":0            | exclusiveMaximum | less than 0",
            "\"price\":1000        | exclusiveMaximum | a number of at most 3 digits before the point",
            "\"price\":-1000.5     | exclusiveMinimum | a number of at most 3 digits before the point",
            "\"price\":1.001       | multipleOf | a number of at most 2 digits behind the point",
            "\"agreed\":false      | const | true",
            "\"list\":[\"\",\"\",\"\"] | maxItems | a list of at most 2 items",
            "\"array\":[]          | minItems | a list of at least 1 item",
            "\"map\":{\"a\":\"\",\"b\":\"\"} | maxProperties | an object of at most 1 member",
            "\"bytes\":\"AAAAAAA=\" | maxLength | a text in base64 of at most 4 bytes",
            "\"perhaps\":0         | exclusiveMinimum | more than 0",
            "\"maybe\":\"abc\"     | maxLength | a text of at most 2 characters",
            "\"inner\":\"abc\"     | maxLength | a text of at most 2 characters",
            "\"set\":[\"a\",\"b\",\"c\"] | maxItems | a list of at most 2 items",
            "\"tiny\":2            | minimum | at least 3",
    })
    void brokenRuleIsToldWithItsPlaceItsKeywordAndWhatMustBe(String field, String keyword, String expected) {
        String name = field.substring(1, field.indexOf('"', 1));
        JsonException refused = refused("{\n " + field + "}", One.class);
        int column = 2 + name.length() + 3;
        assertEquals(List.of("/" + name + " " + keyword + ": " + expected + " @2:" + column),
                refused.faults().stream().map(ValueRulesTest::line).toList());
        assertEquals(NO_SUCH_VALUE + name + " must be " + expected + ", at line 2, column " + column, refused.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{}", "{\"text\":null,\"perhaps\":null,\"maybe\":null,\"list\":null}",
            "{\"text\":\"ab\",\"filled\":\" x\"}",
            "{\"text\":\"\ud83d\ude00\ud83d\ude00\ud83d\ude00\"}",
            "{\"sku\":\"ABC-12\",\"mail\":\"a.b+c@x-y.example\"}",
            "{\"count\":1,\"big\":0,\"part\":0.1,\"small\":0.1,\"debt\":-1,\"price\":999.990,\"agreed\":true}",
            "{\"list\":[\"\",\"\"],\"array\":[\"\"],\"map\":{\"a\":\"\"},\"bytes\":\"AAAAAA==\"}",
            "{\"perhaps\":1,\"maybe\":\"ab\",\"inner\":\"ab\",\"set\":[\"a\"],\"tiny\":3,\"price\":1e2}"})
    void valueThatKeepsItsRulesIsTaken(String document) {
        assertNotNull(taken(document, One.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "@b", "a@", "a@-b", "a@b-", "a@b..c", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b c",
            "\u00e4@b", "a@\u00e4", "a@.b", "a@b."})
    void whatIsNoMailboxIsNone(String text) {
        assertFalse(EmailAddress.is(text), text);
        assertFalse(EmailAddress.is("a".repeat(65) + "@b"));
        assertFalse(EmailAddress.is("a@" + "b".repeat(64)));
        assertTrue(EmailAddress.is("a".repeat(64) + "@" + "b".repeat(63)));
    }

    // ---- all at once ----

    record Line(@NotBlank @Size(max = 10) String article, @Positive int count) {}

    record Order(
            @NotBlank String customer, @Size(min = 1, max = 5) List<Line> lines,
            Map<@Pattern(regexp = "[a-z]+") String, @Positive Integer> marks,
            @Size(max = 2) List<@Size(max = 3) List<@Min(1) Integer>> table) {}

    @Test
    void allBrokenRulesAreToldInTheOrderOfTheDocument() {
        JsonException refused = refused("""
                {"customer": " ",
                 "lines": [{"article": "hunter2hunter2", "count": 1},
                           {"count": -1, "article": ""}],
                 "marks": {"a": 1, "B": 0},
                 "table": [[1, 0], [1, 2, 3, 0]]}""", Order.class);

        assertEquals(List.of(
                "/customer pattern: a text that is not blank @1:14",
                "/lines/0/article maxLength: a text of at most 10 characters @2:24",
                "/lines/1/count exclusiveMinimum: more than 0 @3:22",
                "/lines/1/article pattern: a text that is not blank @3:37",
                "/marks/B pattern: a text that matches [a-z]+ @4:25",
                "/marks/B exclusiveMinimum: more than 0 @4:25",
                "/table/0/1 minimum: at least 1 @5:16",
                "/table/1 maxItems: a list of at most 3 items @5:20",
                "/table/1/3 minimum: at least 1 @5:30"),
                refused.faults().stream().map(ValueRulesTest::line).toList());
        assertEquals(NO_SUCH_VALUE + "customer must be a text that is not blank, at line 1, column 14; "
                + "lines[0].article must be a text of at most 10 characters, at line 2, column 24; "
                + "lines[1].count must be more than 0, at line 3, column 22; and 6 more", refused.text());
    }

    @Test
    void nameThatBreaksARuleIsSpokenOfAsAName() {
        String told = refused("{\"customer\":\"a\",\"lines\":[{\"article\":\"a\",\"count\":1}],\"marks\":{\"B\":1},"
                + "\"table\":[]}", Order.class).text();
        assertTrue(told.contains("a name in marks must be a text that matches [a-z]+"), told);
    }

    @Test
    void whatEndsTheReadingIsToldBesideTheRulesThatWereBrokenBefore() {
        assertEquals(List.of(
                "/customer pattern: a text that is not blank @1:13",
                "/lines/0/count type: an integer of 32 bits @1:48"),
                faults("{\"customer\":\"\",\"lines\":[{\"article\":\"a\",\"count\":\"hunter2\"}]}", Order.class));
        assertEquals(List.of(
                "/customer pattern: a text that is not blank @1:13",
                "/lines required: a list @1:15"),
                faults("{\"customer\":\"\"}", Order.class));
        JsonException malformed = assertThrows(JsonException.class,
                () -> codec.readRequest(utf8("{\"customer\":\"\",\"customer\":\"\"}"), Order.class));
        assertTrue(malformed.text().startsWith("the JSON is malformed or beyond a limit"), malformed.text());
    }

    @Test
    void moreThan32AreNotTold() {
        String lines = "{\"article\":\"\",\"count\":0},".repeat(1_000);
        JsonException refused = refused("{\"customer\":\"\",\"lines\":[" + lines.substring(0, lines.length() - 1)
                + "],\"marks\":{},\"table\":[]}", Order.class);
        assertEquals(32, refused.faults().size());
        assertTrue(refused.text().endsWith("; and at least 29 more"), refused.text());
        assertTrue(refused.text().length() < 500, refused.text());
    }

    // ---- where rules stand ----

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "form")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle"),
            @JsonSubTypes.Type(value = Group.class, name = "group")})
    sealed interface Shape {}

    record Circle(@Positive int radius) implements Shape {}

    record Group(@Size(max = 2) List<Shape> shapes) implements Shape {}

    record Drawing(@Size(max = 3) List<Shape> shapes, @NotNull @Nullable Shape last) {}

    /** The kind may stand behind the rest, which is kept until it is known. */
    @Test
    void kindsOfASealedTypeAreCheckedWhereverTheirKindIsNamed() {
        assertEquals(List.of("/shapes/0/radius exclusiveMinimum: more than 0 @1:40",
                "/shapes/1/radius exclusiveMinimum: more than 0 @1:53",
                "/last/shapes/0/shapes/0/radius exclusiveMinimum: more than 0 @1:118"),
                faults("{\"shapes\":[{\"form\":\"circle\",\"radius\":  0},{\"radius\":0,\"form\":\"circle\"}],\"last\":"
                        + "{\"shapes\":[{\"shapes\":[{\"radius\":      0,\"form\":\"circle\"}],\"form\":\"group\"}],"
                        + "\"form\":\"group\"}}", Drawing.class));
    }

    @Test
    void notNullMakesANullableComponentOneThatMustBeThere() {
        assertEquals(List.of("/last required: a value of type Shape @1:13"), faults("{\"shapes\":[]}", Drawing.class));
        assertEquals(List.of("/last type: a value of type Shape @1:21"),
                faults("{\"shapes\":[],\"last\":null}", Drawing.class));
    }

    record Page<T>(@Size(max = 2) List<T> rows, @NotNull T best) {}

    record Pages(Page<Line> lines, Page<@Nullable String> texts) {}

    @Test
    void genericRecordKeepsItsRulesWhateverItHolds() {
        String line = "{\"article\":\"a\",\"count\":1}";
        assertEquals(List.of("/lines/rows/1/count exclusiveMinimum: more than 0 @1:68",
                "/texts/rows maxItems: a list of at most 2 items @1:122"),
                faults("{\"lines\":{\"rows\":[" + line + ",{\"article\":\"b\",\"count\":0}],\"best\":" + line
                        + "},\"texts\":{\"rows\":[\"\",\"\",\"\"],\"best\":\"\"}}", Pages.class));
    }

    record Named(@JsonProperty("the-name") @Size(max = 1) String name) {}

    @Test
    void componentIsCalledAsTheDocumentCallsIt() {
        assertEquals(List.of("/the-name maxLength: a text of at most 1 character @1:13"),
                faults("{\"the-name\":\"ab\"}", Named.class));
        assertEquals(List.of("/1/the-name maxLength: a text of at most 1 character @1:31"),
                faults("[{\"the-name\":\"a\"},{\"the-name\":\"ab\"}]", Named[].class));
    }

    record Sets(
            Set<@Size(max = 1) String> set, List<@Email @Nullable String> mails,
            SortedSet<@Size(max = 1) String> sorted) {}

    record Rows(List<Set<Integer>> rows) {}

    @Test
    void setKeepsTheOrderOfTheDocumentAndNothingComesTwice() {
        assertEquals(List.of("/set/1 maxLength: a text of at most 1 character @1:13",
                "/mails/1 format: an e-mail address @1:36"),
                faults("{\"set\":[\"a\",\"ab\"],\"mails\":[null,   \"x\"],\"sorted\":[]}", Sets.class));
        assertEquals(List.of("/set uniqueItems: a list in which nothing comes twice @1:8"),
                faults("{\"set\":[\"b\",\"a\",\"b\"],\"mails\":[],\"sorted\":[]}", Sets.class));
        assertEquals(List.of("b", "a"), List.copyOf(
                taken("{\"set\":[\"b\",\"a\"],\"mails\":[],\"sorted\":[]}", Sets.class).set()));
        assertEquals(List.of("/rows/1 uniqueItems: a list in which nothing comes twice @1:14"),
                faults("{\"rows\":[[1],[2,2]]}", Rows.class));
    }

    /** The elements of a sorted set have no numbers any more. */
    @Test
    void elementOfASortedSetIsToldWithThePlaceOfTheSet() {
        assertEquals(List.of("/sorted maxLength: a text of at most 1 character @1:31"),
                faults("{\"set\":[],\"mails\":[],\"sorted\":[\"b\",\"ab\"]}", Sets.class));
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = {})
    @Size(min = 8, max = 8) @Pattern(regexp = "[0-9]*", message = "must be digits only") @interface CardNumber {
        String message() default "";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    record Card(
            @CardNumber String number,
            @Pattern(regexp = "a.*", message = "begins with a") @Pattern(regexp = ".*z", message = "{no.words}") String letters) {}

    @Test
    void annotationMadeOfOthersAndRepeatedOnesCountAsThese() {
        JsonException refused = refused("{\"number\":\"x\",\"letters\":\"b\"}", Card.class);
        assertEquals(List.of("/number minLength: a text of at least 8 characters @1:11",
                "/number pattern: digits only @1:11", "/letters pattern: begins with a @1:25",
                "/letters pattern: a text that matches .*z @1:25"),
                refused.faults().stream().map(ValueRulesTest::line).toList());
        String told = refused("{\"number\":\"12345678\",\"letters\":\"b\"}", Card.class).text();
        assertTrue(told.contains("letters begins with a, at line 1"), told);
    }

    // ---- constructors ----

    record Range(@Min(0) int from, @Min(0) int to) {
        Range {
            if (to < from) {
                throw new IllegalArgumentException("hunter2");
            }
        }
    }

    @Test
    void constructorIsHeardWhenTheRulesOfItsComponentsAreKept() {
        assertEquals(List.of("/0 :  @1:18"), faults("[{\"from\":2,\"to\":1}]", Range[].class));
        assertEquals(List.of("/0/to minimum: at least 0 @1:17"), faults("[{\"from\":2,\"to\":-1}]", Range[].class));
        assertEquals(List.of("/0/to minimum: at least 0 @1:18", "/1 :  @1:38"),
                faults("[{\"from\":-2,\"to\":-1},{\"from\":2,\"to\":1}]", Range[].class).subList(1, 3));
    }

    // ---- what is not checked is refused ----

    record OfTime(@Past Instant at) {}

    record OfNumber(@Size(max = 1) int number) {}

    record OfText(@Min(1) String text) {}

    record OfRecord(@NotBlank Line line) {}

    record InPage(Page<@Size(max = 1) String> page) {}

    record OfGroup(@Size(max = 1, groups = Shape.class) String text) {}

    record BadPattern(@Pattern(regexp = "(") String text) {}

    @Retention(RetentionPolicy.RUNTIME)
    @Constraint(validatedBy = OwnValidator.class)
    @interface Own {
        String message() default "";

        Class<?>[] groups() default {};

        Class<? extends Payload>[] payload() default {};
    }

    static final class OwnValidator implements jakarta.validation.ConstraintValidator<Own, String> {
        @Override
        public boolean isValid(String value, jakarta.validation.ConstraintValidatorContext context) {
            return true;
        }
    }

    record WithOwn(@Own String text) {}

    record Made(@Size(max = 1) String text) {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Made of(String text) {
            return new Made(text);
        }
    }

    static final class Bean {
        @Size(max = 1) public String text = "";
    }

    @ParameterizedTest
    @ValueSource(classes = {OfTime.class, OfNumber.class, OfText.class, OfRecord.class, InPage.class, OfGroup.class,
            BadPattern.class, WithOwn.class, Made.class, Bean.class})
    void ruleThatCannotBeCheckedIsAMistakeOfTheProgram(Class<?> type) {
        var e = assertThrows(IllegalArgumentException.class, () -> codec.readRequest(utf8("{}"), type));
        String why = String.valueOf(Objects.requireNonNull(e.getCause()).getMessage());
        assertTrue(why.contains("the rules of " + type.getSimpleName() + "."), why);
    }

    @Test
    void replyIsReadWithoutRules() {
        assertEquals(new Named("ab"), codec.read(utf8("{\"the-name\":\"ab\"}"), Named.class));
        var old = new JacksonCodec(JacksonCodec.strict().build());
        assertEquals(new Named("ab"), old.readRequest(utf8("{\"the-name\":\"ab\"}"), Named.class));
        var skipping = JacksonCodec.skippingUnknownFields();
        assertThrows(JsonException.class,
                () -> skipping.readRequest(utf8("{\"the-name\":\"ab\",\"x\":1}"), Named.class));
    }

    // ---- patterns without an end ----

    record Regex(@Pattern(regexp = "(a+)+b", message = "must be as many a and a b") String text) {}

    record Regexes(List<@Pattern(regexp = "(a+)+b|a*c") String> texts) {}

    record Deep(@Pattern(regexp = "(a|b)*") String text) {}

    @Test
    void patternWithLoopsInLoopsIsGivenUp() {
        assertEquals(List.of("/text pattern: as many a and a b (given up after too many steps) @1:9"),
                faults("{\"text\":\"" + "a".repeat(1_000) + "\"}", Regex.class));
        assertNotNull(taken("{\"text\":\"aaab\"}", Regex.class));
    }

    @Test
    void stepsOfAllPatternsOfADocumentAreCountedTogether() {
        String text = "\"" + "a".repeat(60) + "c\",";
        JsonException refused = refused("{\"texts\":[" + text.repeat(5_000) + "\"b\"]}", Regexes.class);
        assertEquals(32, refused.faults().size());
    }

    @Test
    void longTextIsNotLookedAtAndADeepPatternOverflowsNoStack() {
        assertEquals(1, faults("{\"text\":\"" + "ab".repeat(100_000) + "\"}", Deep.class).size());
        assertNotNull(taken("{\"text\":\"" + "ab".repeat(100) + "\"}", Deep.class));
        // Whatever the stack can bear: it is taken or refused.
        try {
            codec.readRequest(utf8("{\"text\":\"" + "ab".repeat(5_000) + "\"}"), Deep.class);
        } catch (JsonException e) {
            assertTrue(e.text().contains("given up"), e.text());
        }
    }

    // ---- threads ----

    @Test
    void threadsShareTheRulesAndNotWhatTheyFind() throws InterruptedException {
        var wrong = new ConcurrentLinkedQueue<Object>();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            int count = i + 1;
            threads[i] = Thread.ofPlatform().start(() -> {
                String lines = "{\"article\":\"\",\"count\":1},".repeat(count);
                String document = "{\"customer\":\"a\",\"lines\":[" + lines.substring(0, lines.length() - 1)
                        + "],\"marks\":{},\"table\":[]}";
                for (int n = 0; n < 200; n++) {
                    try {
                        codec.readRequest(utf8(document), Order.class);
                        wrong.add(document);
                    } catch (JsonException e) {
                        if (e.faults().size() != count) {
                            wrong.add(e);
                        }
                    }
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(wrong));
    }

    /** The length of base64 is what the schema speaks of. */
    @Test
    void bytesAreCountedBeforeTheyAreWritten() {
        String four = Base64.getEncoder().encodeToString(new byte[4]);
        assertNotNull(taken("{\"bytes\":\"" + four + "\"}", One.class));
    }
}
