package dev.heddle.http.attack;

import java.time.Duration;
import java.util.List;

/**
 * A line through samples by least squares.
 *
 * @param perHour by how much it rises
 * @param error the standard error of that
 */
record Slope(double mean, double perHour, double error) {

    static Slope of(List<double[]> samples, int column, Duration apart) {
        int count = samples.size();
        double mean = samples.stream().mapToDouble(sample -> sample[column]).sum() / count;
        double middle = (count - 1) / 2.0;
        double both = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            both += (i - middle) * (samples.get(i)[column] - mean);
            squares += (i - middle) * (i - middle);
        }
        double slope = both / squares;
        double rest = 0;
        for (int i = 0; i < count; i++) {
            double off = samples.get(i)[column] - mean - slope * (i - middle);
            rest += off * off;
        }
        double perHour = 3_600.0 / apart.toSeconds();
        return new Slope(mean, slope * perHour, Math.sqrt(rest / (count - 2) / squares) * perHour);
    }

    boolean rises() {
        return perHour > 3 * error && perHour > mean / 100;
    }
}
