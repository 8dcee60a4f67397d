package dev.heddle;

/**
 * The statistics of a {@link ParkingLot} at one moment.
 *
 * @param waiting calls that wait
 */
public record ParkingLotStatistics(int waiting) {}
