package dev.heddle.http.internal.syntax;

import java.util.Arrays;

/**
 * The fields of a message as a parser collects them: names and values in turn, known to be well formed. For one task;
 * used again for the next message.
 */
public final class FieldList {

    private String[] fields;
    private int length;

    /**
     * @param expectedFields how many fit before it grows
     */
    public FieldList(int expectedFields) {
        fields = new String[expectedFields * 2];
    }

    /** Adds a field that the caller has checked. */
    public void add(String name, String value) {
        if (length == fields.length) {
            fields = Arrays.copyOf(fields, Math.max(16, length * 2));
        }
        fields[length++] = name;
        fields[length++] = value;
    }

    public int size() {
        return length / 2;
    }

    /** Whether a field of exactly this name is there. */
    public boolean contains(String name) {
        for (int i = 0; i < length; i += 2) {
            if (fields[i].equals(name)) {
                return true;
            }
        }
        return false;
    }

    public void clear() {
        length = 0;
    }

    /** Names and values in turn, in an array of the caller's own. */
    public String[] toArray() {
        return Arrays.copyOf(fields, length);
    }
}
