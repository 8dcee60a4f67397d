package dev.heddle.observe.internal.jfr;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.SettingControl;

/** The setting of a time, written as JFR writes its own: {@code 100 ms}. Of several recordings' the shortest counts. */
public final class LongerThan extends SettingControl {

    private static final String USUAL = "1 s";

    private static final Pattern TIME = Pattern.compile("([0-9]{1,9}) *(ms|s|m|h)");

    private volatile String value = USUAL;
    private volatile long millis = millis(USUAL);

    /** For JFR. */
    public LongerThan() {}

    @Override
    public String combine(Set<String> settings) {
        String least = "";
        for (String setting : settings) {
            if (millis(setting) >= 0 && (least.isEmpty() || millis(setting) < millis(least))) {
                least = setting;
            }
        }
        return least.isEmpty() ? USUAL : least;
    }

    @Override
    public void setValue(String setting) {
        if (millis(setting) >= 0) {
            value = setting;
            millis = millis(setting);
        }
    }

    @Override
    public String getValue() {
        return value;
    }

    boolean isMet(long waitedMillis) {
        return waitedMillis >= millis;
    }

    /** -1 if it is no time. */
    private static long millis(String setting) {
        Matcher time = TIME.matcher(setting.strip());
        if (!time.matches()) {
            return -1;
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> TimeUnit.SECONDS.toMillis(count);
            case "m" -> TimeUnit.MINUTES.toMillis(count);
            case "h" -> TimeUnit.HOURS.toMillis(count);
            default -> count;
        };
    }
}
