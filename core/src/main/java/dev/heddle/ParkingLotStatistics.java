package dev.heddle;

/**
 * A moment of a {@link ParkingLot}.
 *
 * @param waiting calls that wait
 */
public record ParkingLotStatistics(int waiting) {}
