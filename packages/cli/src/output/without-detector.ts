/** The ways on for `run` where no detector is trained. */
export const WITHOUT_DETECTOR = `No detector is trained in this data folder yet. Say how the garments are found:
  --detector pose  by the joints of people, as upper, lower, full and shoes, without training; the network
                   behind it is fetched once by scripts/pose/fetch.sh
  --detector none  each photograph shows one garment
Or train one on photographs with boxes: deepstyle dataset import-coco, then deepstyle detector train.`;
