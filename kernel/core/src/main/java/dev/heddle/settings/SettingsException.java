package dev.heddle.settings;

import dev.heddle.HeddleException;
import java.util.List;

/** The failure of settings that are missing, malformed or unknown: all of them at once, without their values. */
public final class SettingsException extends HeddleException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    SettingsException(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** What is wrong, a sentence each. */
    public List<String> faults() {
        return faults;
    }
}
