package dev.heddle.json;

import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NegativeOrZero;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A reader that makes rules of annotations, for values of one type. What says nothing of that type is refused. */
final class RuleReader {

    /** Most characters of the program's own words for a rule. */
    private static final int MAX_MESSAGE = 200;

    private final Class<?> type;
    private final List<Rule> rules = new ArrayList<>();

    private RuleReader(Class<?> type) {
        this.type = type;
    }

    /** The rules that annotations say of values of a type. */
    static List<Rule> read(List<Annotation> constraints, Class<?> type) {
        var reader = new RuleReader(type);
        constraints.forEach(reader::read);
        return List.copyOf(reader.rules);
    }

    private void read(Annotation constraint) {
        switch (constraint) {
            case NotNull _ -> { // what must be there is said by RequiredComponents
            }
            case Size size -> size(size.min(), size.max(), size.message());
            case NotEmpty one -> size(1, Integer.MAX_VALUE, one.message());
            case NotBlank one -> text(one, FormRule.NOT_BLANK, one.message());
            case Pattern one -> pattern(one, one.regexp(), one.flags(), one.message());
            case Email one -> email(one);
            case Min one -> number(one, Bounds.atLeast(BigDecimal.valueOf(one.value())), one.message());
            case Max one -> number(one, Bounds.atMost(BigDecimal.valueOf(one.value())), one.message());
            case DecimalMin one -> number(one, one.inclusive()
                    ? Bounds.atLeast(new BigDecimal(one.value()))
                    : Bounds.above(new BigDecimal(one.value())), one.message());
            case DecimalMax one -> number(one, one.inclusive()
                    ? Bounds.atMost(new BigDecimal(one.value()))
                    : Bounds.below(new BigDecimal(one.value())), one.message());
            case Positive one -> number(one, Bounds.above(BigDecimal.ZERO), one.message());
            case PositiveOrZero one -> number(one, Bounds.atLeast(BigDecimal.ZERO), one.message());
            case Negative one -> number(one, Bounds.below(BigDecimal.ZERO), one.message());
            case NegativeOrZero one -> number(one, Bounds.atMost(BigDecimal.ZERO), one.message());
            case Digits one -> digits(one);
            case AssertTrue one -> truth(one, true, one.message());
            case AssertFalse one -> truth(one, false, one.message());
            default -> throw refused(constraint, "is not checked: say it in the record's constructor");
        }
    }

    private void size(int min, int max, String message) {
        SizeRule.Measure measure = SizeRule.measure(type);
        if (measure == null) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " has no size");
        }
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("a size from " + min + " to " + max);
        }
        if (min > 0) {
            add(SizeRule.of(measure, false, min), message);
        }
        if (max < Integer.MAX_VALUE) {
            add(SizeRule.of(measure, true, max), message);
        }
    }

    private void pattern(Annotation constraint, String regexp, Pattern.Flag[] flags, String message) {
        int all = 0;
        for (Pattern.Flag flag : flags) {
            all |= flag.getValue();
        }
        text(constraint, PatternRule.of(java.util.regex.Pattern.compile(regexp, all)), message);
    }

    private void email(Email one) {
        text(one, FormRule.EMAIL, one.message());
        if (!one.regexp().equals(".*")) {
            pattern(one, one.regexp(), one.flags(), one.message());
        }
    }

    private void digits(Digits one) {
        BigDecimal end = BigDecimal.ONE.scaleByPowerOfTen(one.integer());
        String words = "a number of at most " + one.integer() + " digits before the point";
        number(one, new NumberRule(NumberRule.Bound.BELOW, end, words), one.message());
        number(one, new NumberRule(NumberRule.Bound.ABOVE, end.negate(), words), one.message());
        number(one, Bounds.fraction(one.fraction()), one.message());
    }

    private void number(Annotation constraint, NumberRule rule, String message) {
        if (!NumberRule.isNumber(type)) {
            throw refused(constraint, "is for numbers, not for a " + type.getSimpleName());
        }
        add(rule, message);
    }

    private void text(Annotation constraint, Rule rule, String message) {
        if (!CharSequence.class.isAssignableFrom(type)) {
            throw refused(constraint, "is for texts, not for a " + type.getSimpleName());
        }
        add(rule, message);
    }

    private void truth(Annotation constraint, boolean truth, String message) {
        if (type != boolean.class && type != Boolean.class) {
            throw refused(constraint, "is for true and false, not for a " + type.getSimpleName());
        }
        add(new TruthRule(truth), message);
    }

    /** With the program's own words, if they are none that some library would have to fill in. */
    private void add(Rule rule, String message) {
        boolean own = !message.isBlank() && message.length() <= MAX_MESSAGE && message.indexOf('{') < 0;
        rules.add(own ? new WordedRule(rule, message) : rule);
    }

    private static IllegalArgumentException refused(Annotation constraint, String why) {
        return new IllegalArgumentException("@" + constraint.annotationType().getSimpleName() + " " + why);
    }
}
