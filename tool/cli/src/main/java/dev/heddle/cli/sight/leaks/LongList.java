package dev.heddle.cli.sight.leaks;

import java.util.Arrays;
import java.util.function.LongConsumer;

/** A list of numbers that are no objects. */
final class LongList {

    private long[] numbers = new long[4];
    private int size;

    void add(long number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    int size() {
        return size;
    }

    long get(int index) {
        return numbers[index];
    }

    void forEach(LongConsumer each) {
        for (int i = 0; i < size; i++) {
            each.accept(numbers[i]);
        }
    }

    long removeLast() {
        return numbers[--size];
    }
}
